# shellcheck shell=dash
# The client's target is enabled on every Amazon Linux.
typical_accounts
enabled_unit nfs-client.target multi-user.target
enabled_unit rpc-statd-notify.service nfs-client.target
