# shellcheck shell=dash
# The agent starts with the host.
typical_accounts
enabled_unit snmpd.service multi-user.target
