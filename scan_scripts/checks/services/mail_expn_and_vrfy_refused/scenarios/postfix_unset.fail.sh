# shellcheck shell=dash
# Unset means answered.
typical_accounts
enabled_unit postfix.service multi-user.target
file /etc/postfix/main.cf <<'EOF'
# disable_vrfy_command = yes
inet_interfaces = localhost
EOF
