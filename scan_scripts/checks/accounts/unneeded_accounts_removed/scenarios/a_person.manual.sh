# shellcheck shell=dash
# Somebody must say whether alice is still there.
typical_accounts
