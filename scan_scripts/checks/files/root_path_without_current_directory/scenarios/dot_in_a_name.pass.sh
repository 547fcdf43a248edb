# shellcheck shell=dash
# A dot inside of a name is no element.
typical_accounts
file /etc/profile <<'EOF'
PATH=/opt/v1.2/bin:/usr/bin:${EXTRA:-/opt/x}:/root/.cargo/bin
EOF
