# shellcheck shell=dash
# Debian starts exim4 by a SysV script.
typical_accounts
empty_file /etc/init.d/exim4 0755
link /etc/rc2.d/S01exim4 ../init.d/exim4
