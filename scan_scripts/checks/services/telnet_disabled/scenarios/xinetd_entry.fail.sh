# shellcheck shell=dash
# xinetd offers it.
typical_accounts
enabled_unit xinetd.service multi-user.target
file /etc/xinetd.d/telnet <<'EOF'
service telnet
{
        disable         = no
        socket_type     = stream
        server          = /usr/sbin/in.telnetd
}
EOF
