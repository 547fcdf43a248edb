# shellcheck shell=dash
# The first digit counts too.
typical_accounts
remember /etc/passwd 2400
