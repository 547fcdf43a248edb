# shellcheck shell=dash
# Rules that Docker or fail2ban make let everything else in.
typical_accounts
enabled_unit iptables.service multi-user.target
file /etc/sysconfig/iptables <<'EOF'
*nat
:INPUT DROP [0:0]
COMMIT
*filter
:INPUT ACCEPT [0:0]
-A INPUT -p tcp -m set --match-set banned src -j DROP
COMMIT
EOF
