# shellcheck shell=dash
# Switched off.
typical_accounts
enabled_unit postfix.service multi-user.target
file /etc/postfix/main.cf <<'EOF'
disable_vrfy_command = yes
EOF
