# shellcheck shell=dash
# autoindex in a location.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { include sites-enabled/*; }
EOF
file /etc/nginx/sites-enabled/default <<'EOF'
server { location /files/ { autoindex on; } }
EOF
