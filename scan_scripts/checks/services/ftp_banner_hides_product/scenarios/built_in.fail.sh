# shellcheck shell=dash
# vsftpd names itself unless it is told otherwise.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
#ftpd_banner=Welcome to blah FTP service.
local_enable=YES
EOF
