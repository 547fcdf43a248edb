# shellcheck shell=dash
# Both end alike.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { server { location /files/ { alias /srv/files/; } } }
EOF
