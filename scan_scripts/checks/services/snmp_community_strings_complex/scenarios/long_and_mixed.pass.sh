# shellcheck shell=dash
# Letters and digits, ten or more.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rocommunity madeup4fleet01 10.0.0.0/8
EOF
