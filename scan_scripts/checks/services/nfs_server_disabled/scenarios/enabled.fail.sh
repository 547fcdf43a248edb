# shellcheck shell=dash
# The server starts with the host.
typical_accounts
enabled_unit nfs-server.service multi-user.target
