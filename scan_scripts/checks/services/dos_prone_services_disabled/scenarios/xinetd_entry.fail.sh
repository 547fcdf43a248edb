# shellcheck shell=dash
# xinetd offers it.
typical_accounts
enabled_unit xinetd.service multi-user.target
file /etc/xinetd.d/chargen <<'EOF'
service chargen
{
        disable         = no
        socket_type     = stream
        server          = /usr/sbin/internal
}
EOF
