# shellcheck shell=dash
# BIND is not the only one.
typical_accounts
enabled_unit unbound.service multi-user.target
