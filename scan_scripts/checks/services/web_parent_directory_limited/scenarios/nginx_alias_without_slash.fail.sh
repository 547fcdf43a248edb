# shellcheck shell=dash
# /files../ leaves the directory.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { server { location /files { alias /srv/files/; } } }
EOF
