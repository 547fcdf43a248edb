# shellcheck shell=dash
# Without at there is nothing to judge.
typical_accounts
