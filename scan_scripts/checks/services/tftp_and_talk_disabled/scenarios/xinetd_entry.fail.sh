# shellcheck shell=dash
# xinetd offers it.
typical_accounts
enabled_unit xinetd.service multi-user.target
file /etc/xinetd.d/tftp <<'EOF'
service tftp
{
        disable         = no
        socket_type     = stream
        server          = /usr/sbin/in.tftpd
}
EOF
