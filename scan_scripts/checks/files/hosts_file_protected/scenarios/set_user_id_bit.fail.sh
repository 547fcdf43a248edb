# shellcheck shell=dash
# The first digit counts too.
typical_accounts
empty_file /etc/hosts 4400
