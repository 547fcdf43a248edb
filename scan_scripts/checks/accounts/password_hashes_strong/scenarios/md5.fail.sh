# shellcheck shell=dash
# shellcheck disable=SC2016  # hashes are no variables
# An MD5 hash is stored.
typical_accounts
give_alice_a_password 0 99999 '$1$salt$hash'
file /etc/login.defs <<'EOF'
ENCRYPT_METHOD SHA512
EOF
