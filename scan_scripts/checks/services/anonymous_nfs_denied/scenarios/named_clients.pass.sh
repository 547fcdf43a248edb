# shellcheck shell=dash
# Named clients keep their identities.
typical_accounts
enabled_unit nfs-server.service multi-user.target
file /etc/exports <<'EOF'
/srv/data 10.0.0.0/24(rw,sync,root_squash)
EOF
