# shellcheck shell=dash
# A commented line refuses nobody.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd/vsftpd.conf <<'EOF'
local_enable=YES
pam_service_name=vsftpd
EOF
file /etc/pam.d/vsftpd <<'EOF'
auth required pam_listfile.so item=user sense=deny file=/etc/vsftpd/ftpusers onerr=succeed
EOF
file /etc/vsftpd/ftpusers <<'EOF'
#root
bin
EOF
