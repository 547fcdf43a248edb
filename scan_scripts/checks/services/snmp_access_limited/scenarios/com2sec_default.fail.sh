# shellcheck shell=dash
# default is everybody.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
com2sec local localhost madeup4fleet01
com2sec notConfigUser default madeup4fleet01
EOF
