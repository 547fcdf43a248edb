# shellcheck shell=dash
# A start link of SysV.
typical_accounts
empty_file /etc/init.d/autofs 0755
link /etc/rc5.d/S20autofs ../init.d/autofs
