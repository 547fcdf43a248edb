# shellcheck shell=dash
# No such file.
typical_accounts
