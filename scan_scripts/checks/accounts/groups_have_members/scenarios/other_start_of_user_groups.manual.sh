# shellcheck shell=dash
# /etc/login.defs says where groups for users begin.
typical_accounts
printf 'GID_MIN 500\n' | file /etc/login.defs
printf 'old:x:600:\n' | add_lines /etc/group
