# shellcheck shell=dash
# shellcheck disable=SC2016  # hashes are no variables
# bcrypt is strong, but it is not SHA-2.
typical_accounts
give_alice_a_password 0 99999 '$2b$12$saltandhash'
file /etc/login.defs <<'EOF'
ENCRYPT_METHOD SHA512
EOF
