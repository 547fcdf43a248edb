# shellcheck shell=dash
# Its configuration stayed, nothing starts it.
typical_accounts
file /etc/bind/named.conf <<'EOF'
options { };
EOF
