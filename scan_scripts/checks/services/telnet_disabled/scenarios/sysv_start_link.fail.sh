# shellcheck shell=dash
# An old start link.
typical_accounts
empty_file /etc/init.d/inetutils-telnetd 0755
link /etc/rc3.d/S20inetutils-telnetd ../init.d/inetutils-telnetd
