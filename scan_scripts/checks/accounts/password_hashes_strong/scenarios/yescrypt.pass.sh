# shellcheck shell=dash
# shellcheck disable=SC2016  # hashes are no variables
# yescrypt is the default of current Debian and Ubuntu.
typical_accounts
give_alice_a_password 0 99999 '$y$j9T$salt$hash'
file /etc/login.defs <<'EOF'
ENCRYPT_METHOD YESCRYPT
EOF
