# shellcheck shell=dash
# Masked units cannot start.
typical_accounts
enabled_unit ypbind.service sockets.target
link /etc/systemd/system/ypbind.service /dev/null
