# shellcheck shell=dash
# Switched on.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd/vsftpd.conf <<'EOF'
anonymous_enable=YES
EOF
