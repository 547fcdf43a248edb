# shellcheck shell=dash
# Every client becomes nobody.
typical_accounts
enabled_unit nfs-server.service multi-user.target
file /etc/exports <<'EOF'
/srv/data 10.0.0.0/24(rw,all_squash)
EOF
