# shellcheck shell=dash
# Masked units cannot start.
typical_accounts
enabled_unit rlogin.socket sockets.target
link /etc/systemd/system/rlogin.socket /dev/null
