# shellcheck shell=dash
# rsh is one of them.
typical_accounts
enabled_unit rsh.socket sockets.target
