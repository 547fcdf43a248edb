# shellcheck shell=dash
# So does the receiver of traps, by its socket.
typical_accounts
enabled_unit snmptrapd.socket sockets.target
