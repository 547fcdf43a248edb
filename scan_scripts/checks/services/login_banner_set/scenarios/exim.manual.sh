# shellcheck shell=dash
# A person must see what another mail server says.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit exim4.service multi-user.target
