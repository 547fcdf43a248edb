# shellcheck shell=dash
# Nobody serves it.
typical_accounts
