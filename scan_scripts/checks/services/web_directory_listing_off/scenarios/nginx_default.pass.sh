# shellcheck shell=dash
# Off unless it is switched on.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { server { root /srv/www; # autoindex on;
} }
EOF
