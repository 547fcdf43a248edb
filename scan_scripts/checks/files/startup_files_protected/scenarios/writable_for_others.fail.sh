# shellcheck shell=dash
# Everybody may write it.
typical_accounts
empty_file /etc/init.d/app 0757
