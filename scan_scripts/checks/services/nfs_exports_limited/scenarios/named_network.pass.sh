# shellcheck shell=dash
# A network is named.
typical_accounts
enabled_unit nfs-server.service multi-user.target
file /etc/exports <<'EOF'
/srv/data 10.0.0.0/24(ro,root_squash) backup.example.com(rw)
EOF
