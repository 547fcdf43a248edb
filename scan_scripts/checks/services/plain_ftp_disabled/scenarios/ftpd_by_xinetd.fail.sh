# shellcheck shell=dash
# xinetd offers it.
typical_accounts
enabled_unit xinetd.service multi-user.target
file /etc/xinetd.d/ftp <<'EOF'
service ftp
{
    disable = no
    server = /usr/sbin/in.ftpd
}
EOF
