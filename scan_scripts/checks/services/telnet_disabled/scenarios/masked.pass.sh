# shellcheck shell=dash
# Masked units cannot start.
typical_accounts
enabled_unit telnet.socket sockets.target
link /etc/systemd/system/telnet.socket /dev/null
