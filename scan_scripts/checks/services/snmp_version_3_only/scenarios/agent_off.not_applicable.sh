# shellcheck shell=dash
# Nobody answers.
typical_accounts
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rocommunity public
EOF
