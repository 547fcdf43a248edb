# shellcheck shell=dash
# The usual case.
typical_accounts
