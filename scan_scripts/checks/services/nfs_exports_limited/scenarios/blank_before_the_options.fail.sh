# shellcheck shell=dash
# A blank between host and options gives the options to everybody.
typical_accounts
enabled_unit nfs-server.service multi-user.target
file /etc/exports <<'EOF'
/srv/data backup.example.com (rw)
EOF
