# shellcheck shell=dash
# With userlist_deny=NO the list admits.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
local_enable=YES
userlist_enable=YES
userlist_deny=NO
userlist_file=/etc/vsftpd.admitted
EOF
printf 'root\nalice\n' | file /etc/vsftpd.admitted
