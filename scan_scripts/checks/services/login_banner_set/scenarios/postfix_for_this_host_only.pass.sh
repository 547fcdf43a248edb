# shellcheck shell=dash
# Nobody outside can reach it.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit postfix.service multi-user.target
printf 'inet_interfaces = loopback-only\n' | file /etc/postfix/main.cf
