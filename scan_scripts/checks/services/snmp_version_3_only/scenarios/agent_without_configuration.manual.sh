# shellcheck shell=dash
# Its configuration is somewhere else.
typical_accounts
enabled_unit snmpd.service multi-user.target
