# shellcheck shell=dash
# A socket unit is enabled; no process runs until somebody connects.
typical_accounts
enabled_unit finger.socket sockets.target
