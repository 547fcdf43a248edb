# shellcheck shell=dash
# A server that is not in use needs no banner.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
unit vsftpd.service
printf 'anonymous_enable=NO\n' | file /etc/vsftpd.conf
