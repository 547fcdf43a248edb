# shellcheck shell=dash
# Nothing is set.
typical_accounts
file /etc/profile <<'EOF'
# umask 022
EOF
