# shellcheck shell=dash
# Another check is about the minimum.
typical_accounts
give_alice_a_password 0 90
file /etc/login.defs <<'EOF'
PASS_MAX_DAYS 60
PASS_MIN_DAYS 0
EOF
