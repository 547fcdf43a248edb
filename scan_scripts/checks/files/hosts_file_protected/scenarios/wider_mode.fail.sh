# shellcheck shell=dash
# A bit beyond the limit.
typical_accounts
empty_file /etc/hosts 0664
