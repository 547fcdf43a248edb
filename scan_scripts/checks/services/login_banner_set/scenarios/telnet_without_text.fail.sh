# shellcheck shell=dash
# Telnet shows issue.net, which is missing.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit telnet.socket sockets.target
