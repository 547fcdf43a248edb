# shellcheck shell=dash
# Users are not bound to a source.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
rouser monitor authpriv
EOF
