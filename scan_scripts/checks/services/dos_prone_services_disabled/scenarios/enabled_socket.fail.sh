# shellcheck shell=dash
# A socket unit is enabled; no process runs until somebody connects.
typical_accounts
enabled_unit echo.socket sockets.target
