# shellcheck shell=dash
# shellcheck disable=SC2016  # hashes are no variables
# A locked hash lets nobody in.
typical_accounts
give_alice_a_password 0 99999 '!$1$salt$hash'
file /etc/login.defs <<'EOF'
ENCRYPT_METHOD SHA512
EOF
