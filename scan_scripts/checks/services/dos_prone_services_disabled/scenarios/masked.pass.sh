# shellcheck shell=dash
# Masked units cannot start.
typical_accounts
enabled_unit echo.socket sockets.target
link /etc/systemd/system/echo.socket /dev/null
