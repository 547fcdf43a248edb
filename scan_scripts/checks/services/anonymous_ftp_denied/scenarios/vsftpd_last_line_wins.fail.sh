# shellcheck shell=dash
# A later line overrides.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
anonymous_enable=NO
anonymous_enable=YES
EOF
