# shellcheck shell=dash
# inetd offers rstatd by its number of versions.
typical_accounts
enabled_unit openbsd-inetd.service multi-user.target
file /etc/inetd.conf <<'EOF'
rstatd/1-3 dgram rpc/udp wait root /usr/sbin/rpc.rstatd rpc.rstatd
EOF
