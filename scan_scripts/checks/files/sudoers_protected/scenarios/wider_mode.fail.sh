# shellcheck shell=dash
# A bit beyond the limit.
typical_accounts
empty_file /etc/sudoers 0644
