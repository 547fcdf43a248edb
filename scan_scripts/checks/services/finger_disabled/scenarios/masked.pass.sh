# shellcheck shell=dash
# Masked units cannot start.
typical_accounts
enabled_unit finger.socket sockets.target
link /etc/systemd/system/finger.socket /dev/null
