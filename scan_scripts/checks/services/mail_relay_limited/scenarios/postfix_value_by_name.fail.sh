# shellcheck shell=dash
# A value may name another.
typical_accounts
enabled_unit postfix.service multi-user.target
file /etc/postfix/main.cf <<'EOF'
office = 0.0.0.0/0
mynetworks = $office
EOF
