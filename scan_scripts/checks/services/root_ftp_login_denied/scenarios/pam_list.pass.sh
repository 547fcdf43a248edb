# shellcheck shell=dash
# As the Red Hat family ships it.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd/vsftpd.conf <<'EOF'
local_enable=YES
pam_service_name=vsftpd
userlist_enable=NO
EOF
file /etc/pam.d/vsftpd <<'EOF'
auth required pam_listfile.so item=user sense=deny file=/etc/vsftpd/ftpusers onerr=succeed
auth include password-auth
EOF
file /etc/vsftpd/ftpusers <<'EOF'
# Users that are not allowed to login via ftp
root
bin
EOF
