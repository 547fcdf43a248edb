# shellcheck shell=dash
# A person must read it.
typical_accounts
file /etc/motd <<'EOF'
Welcome to the trading floor of our company
EOF
