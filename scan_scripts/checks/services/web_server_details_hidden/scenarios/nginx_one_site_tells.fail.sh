# shellcheck shell=dash
# A site switches it on again.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { server_tokens off; server { server_tokens on; } }
EOF
