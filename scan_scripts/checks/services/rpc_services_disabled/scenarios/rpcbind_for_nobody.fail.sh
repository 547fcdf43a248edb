# shellcheck shell=dash
# On by default on older releases.
typical_accounts
enabled_unit rpcbind.socket sockets.target
