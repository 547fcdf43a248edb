# shellcheck shell=dash
# Debian's default listens to itself.
typical_accounts
enabled_unit snmpd.service multi-user.target
file /etc/snmp/snmpd.conf 0600 <<'EOF'
agentaddress  127.0.0.1,[::1]
rocommunity  public default -V systemonly
EOF
