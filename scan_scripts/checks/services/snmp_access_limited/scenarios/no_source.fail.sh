# shellcheck shell=dash
# Without a source everybody may ask.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rocommunity madeup4fleet01
EOF
