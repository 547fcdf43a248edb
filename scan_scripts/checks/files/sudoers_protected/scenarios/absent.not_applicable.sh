# shellcheck shell=dash
# Nothing to judge.
typical_accounts
