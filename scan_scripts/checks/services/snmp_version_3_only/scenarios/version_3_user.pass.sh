# shellcheck shell=dash
# A user with encryption.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rouser monitor authpriv
EOF
