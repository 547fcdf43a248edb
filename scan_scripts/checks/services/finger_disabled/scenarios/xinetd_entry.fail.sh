# shellcheck shell=dash
# xinetd offers it.
typical_accounts
enabled_unit xinetd.service multi-user.target
file /etc/xinetd.d/finger <<'EOF'
service finger
{
        disable         = no
        socket_type     = stream
        server          = /usr/sbin/in.fingerd
}
EOF
