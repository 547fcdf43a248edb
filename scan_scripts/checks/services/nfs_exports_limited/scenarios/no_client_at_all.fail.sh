# shellcheck shell=dash
# A path alone is open.
typical_accounts
enabled_unit nfs-kernel-server.service multi-user.target
file /etc/exports <<'EOF'
/srv/data
EOF
