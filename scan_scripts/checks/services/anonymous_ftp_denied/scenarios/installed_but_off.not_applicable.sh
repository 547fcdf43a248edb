# shellcheck shell=dash
# Nobody can reach it.
typical_accounts
unit vsftpd.service
file /etc/vsftpd.conf <<'EOF'
anonymous_enable=YES
EOF
