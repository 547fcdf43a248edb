# shellcheck shell=dash
# A commented value is no value.
typical_accounts
give_alice_a_password 1 90
file /etc/login.defs <<'EOF'
#PASS_MAX_DAYS 90
EOF
