# shellcheck shell=dash
# No account has a password, and no policy waits for the first one.
typical_accounts
file /etc/login.defs <<'EOF'
PASS_MAX_DAYS 99999
EOF
