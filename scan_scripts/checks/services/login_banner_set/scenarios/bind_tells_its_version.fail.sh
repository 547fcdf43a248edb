# shellcheck shell=dash
# Without a version statement named tells its own.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit named.service multi-user.target
printf 'options { directory "/var/named"; };\n' | file /etc/named.conf
