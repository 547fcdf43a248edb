# shellcheck shell=dash
# Masked units cannot start.
typical_accounts
enabled_unit tftp.socket sockets.target
link /etc/systemd/system/tftp.socket /dev/null
