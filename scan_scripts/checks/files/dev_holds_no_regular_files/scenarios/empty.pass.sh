# shellcheck shell=dash
# Nothing there.
typical_accounts
directory /dev
