# shellcheck shell=dash
# Masked units cannot start.
typical_accounts
enabled_unit snmpd.service multi-user.target
link /etc/systemd/system/snmpd.service /dev/null
