# shellcheck shell=dash
# No samples.
typical_accounts
enabled_unit nginx.service multi-user.target
