# shellcheck shell=dash
# A later line overrides.
typical_accounts
enabled_unit postfix.service multi-user.target
file /etc/postfix/main.cf <<'EOF'
disable_vrfy_command=yes
disable_vrfy_command=no
EOF
