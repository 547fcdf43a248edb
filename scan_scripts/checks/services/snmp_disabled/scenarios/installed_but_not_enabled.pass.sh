# shellcheck shell=dash
# Installed, and nothing starts it.
typical_accounts
unit snmpd.service
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rocommunity public
EOF
