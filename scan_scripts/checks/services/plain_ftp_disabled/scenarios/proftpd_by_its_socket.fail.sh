# shellcheck shell=dash
# A socket unit is enough.
typical_accounts
enabled_unit proftpd.socket sockets.target
