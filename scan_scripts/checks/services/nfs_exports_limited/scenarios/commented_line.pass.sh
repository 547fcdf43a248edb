# shellcheck shell=dash
# A commented line exports nothing, a trailing comment hides nothing.
typical_accounts
enabled_unit nfs-server.service multi-user.target
file /etc/exports <<'EOF'
# /srv/old *(rw)
/srv/data 10.0.0.0/24(ro) # not for *
EOF
