# shellcheck shell=dash
# Without su there is nothing to limit.
typical_accounts
