# shellcheck shell=dash
# ftpd_banner holds a warning.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit vsftpd.service multi-user.target
printf 'ftpd_banner=Authorized users only. Access is logged.\n' | file /etc/vsftpd.conf
