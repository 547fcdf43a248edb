# shellcheck shell=dash
# One of several addresses is enough.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
agentaddress udp:127.0.0.1:161,udp:161
rocommunity madeup4fleet01
EOF
