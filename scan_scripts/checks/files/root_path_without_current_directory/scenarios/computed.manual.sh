# shellcheck shell=dash
# A command computes it.
typical_accounts
file /etc/profile <<'EOF'
PATH=$(getconf PATH):/usr/local/bin
EOF
