# shellcheck shell=dash
# A source is named.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rocommunity madeup4fleet01 10.1.0.0/16
EOF
