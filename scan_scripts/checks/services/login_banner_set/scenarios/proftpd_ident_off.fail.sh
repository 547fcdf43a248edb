# shellcheck shell=dash
# Saying nothing warns nobody.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit proftpd.service multi-user.target
printf 'ServerIdent off\n' | file /etc/proftpd/proftpd.conf
