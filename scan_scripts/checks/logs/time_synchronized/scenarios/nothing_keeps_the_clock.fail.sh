# shellcheck shell=dash
# No time service at all.
typical_accounts
