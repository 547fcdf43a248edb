# shellcheck shell=dash
# vsftpd's own list.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
local_enable=YES
userlist_enable=YES
EOF
printf 'root\n' | file /etc/vsftpd.user_list
