# shellcheck shell=dash
# Passwords of version 3 cannot be read.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rouser monitor authpriv
EOF
