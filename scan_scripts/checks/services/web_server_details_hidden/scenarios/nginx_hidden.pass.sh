# shellcheck shell=dash
# Switched off.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { server_tokens off; }
EOF
