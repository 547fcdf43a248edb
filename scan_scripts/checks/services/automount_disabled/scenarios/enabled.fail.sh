# shellcheck shell=dash
# It starts with the host.
typical_accounts
enabled_unit autofs.service multi-user.target
