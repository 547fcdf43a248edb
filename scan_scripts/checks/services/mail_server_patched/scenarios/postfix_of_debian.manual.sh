# shellcheck shell=dash
# The version comes from the package database.
typical_accounts
enabled_unit postfix.service multi-user.target
file /var/lib/dpkg/status <<'EOF'
Package: postfix-sqlite
Status: install ok installed
Version: 1.0

Package: postfix
Status: install ok installed
Version: 3.7.11-0+deb12u1
EOF
