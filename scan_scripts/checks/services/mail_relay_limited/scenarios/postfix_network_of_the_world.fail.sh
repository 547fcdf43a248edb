# shellcheck shell=dash
# Everybody is of its network.
typical_accounts
enabled_unit postfix.service multi-user.target
file /etc/postfix/main.cf <<'EOF'
mynetworks = 127.0.0.0/8,
   0.0.0.0/0
EOF
