# shellcheck shell=dash
# The Red Hat family's default.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
com2sec -Cn context notConfigUser default public
EOF
