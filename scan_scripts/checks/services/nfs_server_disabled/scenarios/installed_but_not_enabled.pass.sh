# shellcheck shell=dash
# nfs-utils brings both sides.
typical_accounts
unit nfs-server.service
file /etc/exports <<'EOF'
/srv/data 10.0.0.0/24(ro)
EOF
