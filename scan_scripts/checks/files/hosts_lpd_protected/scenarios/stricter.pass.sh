# shellcheck shell=dash
# Less than the limit.
typical_accounts
empty_file /etc/hosts.lpd 0400
