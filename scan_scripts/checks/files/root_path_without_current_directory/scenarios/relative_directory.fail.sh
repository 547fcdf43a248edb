# shellcheck shell=dash
# bin/ depends on where root stands.
typical_accounts
file /etc/profile <<'EOF'
PATH=/usr/bin:bin:/sbin
EOF
