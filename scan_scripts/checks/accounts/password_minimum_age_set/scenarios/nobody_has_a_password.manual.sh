# shellcheck shell=dash
# No account has a password, and no policy waits for the first one.
typical_accounts
