# shellcheck shell=dash
# One short.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rocommunity madeup123 10.0.0.0/8
EOF
