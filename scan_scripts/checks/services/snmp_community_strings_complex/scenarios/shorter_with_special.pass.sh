# shellcheck shell=dash
# Eight are enough with a special character.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rocommunity "made-up1" 10.0.0.0/8
EOF
