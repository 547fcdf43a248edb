# shellcheck shell=dash
# The defaults are good, but an existing account has its own values.
typical_accounts
give_alice_a_password 0 99999
file /etc/login.defs <<'EOF'
PASS_MAX_DAYS 90
PASS_MIN_DAYS 1
EOF
