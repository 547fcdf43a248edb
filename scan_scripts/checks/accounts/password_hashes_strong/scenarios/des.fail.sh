# shellcheck shell=dash
# A DES hash is stored.
typical_accounts
give_alice_a_password 0 99999 'abJnggxhB/yWI'
file /etc/login.defs <<'EOF'
ENCRYPT_METHOD SHA512
EOF
