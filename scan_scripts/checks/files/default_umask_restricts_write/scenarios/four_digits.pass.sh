# shellcheck shell=dash
# 0022 is 022.
typical_accounts
file /etc/login.defs <<'EOF'
UMASK 0022
EOF
