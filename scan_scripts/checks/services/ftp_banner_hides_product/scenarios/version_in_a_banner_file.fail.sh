# shellcheck shell=dash
# The file wins over the line.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
ftpd_banner=Authorized users only
banner_file=/etc/vsftpd.banner
EOF
file /etc/vsftpd.banner <<'EOF'
Welcome to vsFTPd 3.0.5
EOF
