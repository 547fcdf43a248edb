# shellcheck shell=dash
# No local account may log in at all.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
anonymous_enable=YES
EOF
