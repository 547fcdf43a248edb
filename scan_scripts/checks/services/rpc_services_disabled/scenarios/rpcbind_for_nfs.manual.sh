# shellcheck shell=dash
# An NFS server of version 3 needs it.
typical_accounts
enabled_unit rpcbind.service multi-user.target
enabled_unit nfs-server.service multi-user.target
