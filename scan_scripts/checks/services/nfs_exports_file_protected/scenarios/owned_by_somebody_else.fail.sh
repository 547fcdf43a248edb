# shellcheck shell=dash
# Its owner may.
typical_accounts
empty_file /etc/exports 0644 1000:1000
