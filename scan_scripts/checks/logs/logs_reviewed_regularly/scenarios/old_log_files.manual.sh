# shellcheck shell=dash
# Old log files prove nothing.
typical_accounts
empty_file /var/log/messages-20200101 0600
