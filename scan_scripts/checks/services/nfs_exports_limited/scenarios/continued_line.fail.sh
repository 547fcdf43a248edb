# shellcheck shell=dash
# A line may go on.
typical_accounts
enabled_unit nfs-server.service multi-user.target
file /etc/exports <<'EOF'
"/srv/data one" 10.0.0.5(rw) \
   *(ro)
EOF
