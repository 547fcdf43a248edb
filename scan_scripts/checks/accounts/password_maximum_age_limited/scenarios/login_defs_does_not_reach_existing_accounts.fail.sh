# shellcheck shell=dash
# The default is good, but an existing account has its own value.
typical_accounts
give_alice_a_password 0 99999
file /etc/login.defs <<'EOF'
PASS_MAX_DAYS 90
EOF
