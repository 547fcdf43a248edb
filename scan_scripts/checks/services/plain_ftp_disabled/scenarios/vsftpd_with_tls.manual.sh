# shellcheck shell=dash
# TLS for logins and data.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
anonymous_enable=NO
ssl_enable=YES
EOF
