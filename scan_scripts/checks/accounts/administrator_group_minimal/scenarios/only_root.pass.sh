# shellcheck shell=dash
# Nobody besides root.
typical_accounts
