# shellcheck shell=dash
# Masked units cannot start.
typical_accounts
enabled_unit nfs-server.service multi-user.target
link /etc/systemd/system/nfs-server.service /dev/null
