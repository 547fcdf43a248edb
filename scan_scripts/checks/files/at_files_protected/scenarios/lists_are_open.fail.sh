# shellcheck shell=dash
# Everybody may write who is refused.
typical_accounts
empty_file /etc/at.deny 0666
