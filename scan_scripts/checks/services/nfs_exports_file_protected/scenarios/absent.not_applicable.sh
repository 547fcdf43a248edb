# shellcheck shell=dash
# No server, no file.
typical_accounts
