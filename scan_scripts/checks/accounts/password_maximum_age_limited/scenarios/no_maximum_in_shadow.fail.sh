# shellcheck shell=dash
# An empty field means no limit.
typical_accounts
give_alice_a_password 1 ''
file /etc/login.defs <<'EOF'
PASS_MAX_DAYS 90
EOF
