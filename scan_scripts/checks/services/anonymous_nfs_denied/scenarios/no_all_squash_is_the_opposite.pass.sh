# shellcheck shell=dash
# A word that only contains it.
typical_accounts
enabled_unit nfs-server.service multi-user.target
file /etc/exports <<'EOF'
/srv/data 10.0.0.0/24(rw,no_all_squash)
EOF
