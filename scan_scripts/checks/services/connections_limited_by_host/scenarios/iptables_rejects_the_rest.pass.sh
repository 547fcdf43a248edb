# shellcheck shell=dash
# The last rule rejects.
typical_accounts
enabled_unit iptables.service multi-user.target
file /etc/sysconfig/iptables <<'EOF'
*filter
:INPUT ACCEPT [0:0]
-A INPUT -p tcp --dport 22 -s 10.0.0.0/8 -j ACCEPT
-A INPUT -j REJECT --reject-with icmp-host-prohibited
COMMIT
EOF
