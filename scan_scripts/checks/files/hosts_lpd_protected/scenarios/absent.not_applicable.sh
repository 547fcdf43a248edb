# shellcheck shell=dash
# Current systems have none.
typical_accounts
