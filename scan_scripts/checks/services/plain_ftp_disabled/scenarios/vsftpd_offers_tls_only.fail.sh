# shellcheck shell=dash
# Clients may still choose the clear.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
anonymous_enable=NO
ssl_enable=YES
force_local_logins_ssl=NO
EOF
