# shellcheck shell=dash
# Debian's drop-ins.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rouser monitor
includeDir /etc/snmp/snmpd.conf.d
EOF
file /etc/snmp/snmpd.conf.d/old.conf 0600 <<'EOF'
rwcommunity6 secret
EOF
