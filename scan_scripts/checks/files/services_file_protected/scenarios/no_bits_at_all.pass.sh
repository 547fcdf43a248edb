# shellcheck shell=dash
# Mode 0 is the strictest of all.
typical_accounts
empty_file /etc/services 0000
