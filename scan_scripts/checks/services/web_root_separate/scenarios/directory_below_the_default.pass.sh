# shellcheck shell=dash
# A path that only begins with it.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { server { root /var/www/html-shop; } }
EOF
