# shellcheck shell=dash
# Accounts that only use keys have no password to grow old.
typical_accounts
file /etc/login.defs <<'EOF'
PASS_MAX_DAYS 90
EOF
