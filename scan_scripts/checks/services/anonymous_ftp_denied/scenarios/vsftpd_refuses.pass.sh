# shellcheck shell=dash
# As Debian ships it.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
listen=NO
anonymous_enable=NO
local_enable=YES
EOF
