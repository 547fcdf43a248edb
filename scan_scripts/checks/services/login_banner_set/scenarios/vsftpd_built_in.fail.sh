# shellcheck shell=dash
# vsFTPd says its own name and nothing else.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit vsftpd.service multi-user.target
printf 'anonymous_enable=NO\n' | file /etc/vsftpd.conf
