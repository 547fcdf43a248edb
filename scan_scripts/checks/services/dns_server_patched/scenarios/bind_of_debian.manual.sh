# shellcheck shell=dash
# The version comes from the package database.
typical_accounts
enabled_unit named.service multi-user.target
file /var/lib/dpkg/status <<'EOF'
Package: bind9
Status: install ok installed
Version: 1:9.18.28-1~deb12u2
EOF
