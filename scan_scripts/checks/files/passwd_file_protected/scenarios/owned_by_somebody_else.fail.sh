# shellcheck shell=dash
# Owner other than root.
typical_accounts
remember /etc/passwd 0400 1000:1000
