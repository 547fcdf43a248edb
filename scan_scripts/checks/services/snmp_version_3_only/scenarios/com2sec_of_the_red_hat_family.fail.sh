# shellcheck shell=dash
# Communities can be set another way.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
com2sec notConfigUser  default       public
group   notConfigGroup v2c           notConfigUser
access  notConfigGroup "" any noauth exact systemview none none
EOF
