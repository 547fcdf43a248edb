# shellcheck shell=dash
# Homes without start files.
typical_accounts
