# shellcheck shell=dash
# Accounts that only use keys have no password.
typical_accounts
file /etc/login.defs <<'EOF'
PASS_MIN_DAYS 7
EOF
