# shellcheck shell=dash
# Each home belongs to its account.
typical_accounts
