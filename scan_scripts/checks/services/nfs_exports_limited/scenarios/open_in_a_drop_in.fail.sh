# shellcheck shell=dash
# Drop-ins count.
typical_accounts
enabled_unit nfs-server.service multi-user.target
empty_file /etc/exports
file /etc/exports.d/old.exports <<'EOF'
/srv/old *(rw)
EOF
