# shellcheck shell=dash
# Zero is no limit, wherever it stands.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { client_max_body_size 1m; server { location /upload { client_max_body_size 0; } } }
EOF
