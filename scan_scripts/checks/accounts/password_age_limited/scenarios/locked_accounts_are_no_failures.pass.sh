# shellcheck shell=dash
# Accounts that only use keys have no password to grow old.
typical_accounts
file /etc/login.defs <<'EOF'
PASS_MAX_DAYS 90
PASS_MIN_DAYS 1
EOF
