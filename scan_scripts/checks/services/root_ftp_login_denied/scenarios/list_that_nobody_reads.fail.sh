# shellcheck shell=dash
# The file is there, and PAM does not ask it.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
local_enable=YES
pam_service_name=vsftpd
EOF
file /etc/pam.d/vsftpd <<'EOF'
auth required pam_unix.so
EOF
printf 'root\n' | file /etc/ftpusers
