# shellcheck shell=dash
# Everybody.
typical_accounts
enabled_unit nfs-server.service multi-user.target
file /etc/exports <<'EOF'
/srv/data *(ro)
EOF
