# shellcheck shell=dash
# The banner file wins over ftpd_banner, and greets without a warning.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit vsftpd.service multi-user.target
printf 'Welcome to our trading floor\n' | file /etc/ftp.banner
printf 'ftpd_banner=Authorized users only.\nbanner_file=/etc/ftp.banner\n' | file /etc/vsftpd.conf
