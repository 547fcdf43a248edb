# shellcheck shell=dash
# Accounts and the defaults for new ones are within the limits.
typical_accounts
give_alice_a_password 1 90
file /etc/login.defs <<'EOF'
PASS_MAX_DAYS 90
PASS_MIN_DAYS 1
EOF
