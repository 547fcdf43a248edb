# shellcheck shell=dash
# The server counts too.
typical_accounts
enabled_unit ypserv.service multi-user.target
