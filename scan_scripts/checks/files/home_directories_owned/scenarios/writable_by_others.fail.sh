# shellcheck shell=dash
# Everybody may write it.
typical_accounts
remember /home/alice 0757 1000:1000
