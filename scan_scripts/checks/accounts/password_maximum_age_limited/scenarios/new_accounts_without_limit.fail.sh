# shellcheck shell=dash
# Accounts made from now on get no limit.
typical_accounts
give_alice_a_password 1 90
file /etc/login.defs <<'EOF'
PASS_MAX_DAYS 99999
EOF
