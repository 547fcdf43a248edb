# shellcheck shell=dash
# Nobody answers.
typical_accounts
