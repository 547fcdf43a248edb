# shellcheck shell=dash
# Accounts and the default for new ones are within the limit.
typical_accounts
give_alice_a_password 1 99999
file /etc/login.defs <<'EOF'
PASS_MIN_DAYS 1
EOF
