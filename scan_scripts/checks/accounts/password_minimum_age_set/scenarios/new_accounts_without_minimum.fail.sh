# shellcheck shell=dash
# The guide's own example once says 0; it is not enough.
typical_accounts
give_alice_a_password 1 90
file /etc/login.defs <<'EOF'
PASS_MIN_DAYS 0
EOF
