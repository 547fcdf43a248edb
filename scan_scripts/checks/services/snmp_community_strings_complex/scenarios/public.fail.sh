# shellcheck shell=dash
# The first one everybody tries.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rocommunity public
EOF
