# shellcheck shell=dash
# An anonymous client becomes an account of this host.
typical_accounts
enabled_unit nfs-server.service multi-user.target
file /etc/exports <<'EOF'
/srv/data -anonuid=1000 10.0.0.0/24(rw)
EOF
