# shellcheck shell=dash
# Nothing of it is there.
typical_accounts
