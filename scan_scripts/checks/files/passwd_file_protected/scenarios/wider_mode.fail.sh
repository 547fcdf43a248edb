# shellcheck shell=dash
# A bit beyond the limit.
typical_accounts
remember /etc/passwd 0664
