# shellcheck shell=dash
# ProFTPD shows a file with a warning at login.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit proftpd.service multi-user.target
printf 'Unauthorized access is prohibited.\n' | file /etc/proftpd/warning
printf 'ServerIdent off\nDisplayLogin /etc/proftpd/warning\n' | file /etc/proftpd/proftpd.conf
