# shellcheck shell=dash
# inetd offers it.
typical_accounts
enabled_unit openbsd-inetd.service multi-user.target
file /etc/inetd.conf <<'EOF'
telnet stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.telnetd
EOF
