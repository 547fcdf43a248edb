# shellcheck shell=dash
# Nobody serves it.
typical_accounts
unit nfs-server.service
file /etc/exports <<'EOF'
/srv/data *(rw)
EOF
