# shellcheck shell=dash
# A comment opens nothing.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
#rocommunity public
rouser monitor # not rocommunity
EOF
