# shellcheck shell=dash
# Fewer bits are never worse.
typical_accounts
empty_file /etc/services 0400
