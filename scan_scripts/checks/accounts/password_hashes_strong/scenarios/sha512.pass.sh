# shellcheck shell=dash
# SHA-512, stored and for new passwords.
typical_accounts
give_alice_a_password
file /etc/login.defs <<'EOF'
ENCRYPT_METHOD SHA512
EOF
