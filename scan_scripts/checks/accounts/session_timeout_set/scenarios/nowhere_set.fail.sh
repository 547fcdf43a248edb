# shellcheck shell=dash
# No file sets it.
typical_accounts
file /etc/profile <<'EOF'
PATH=/usr/bin:/bin
EOF
