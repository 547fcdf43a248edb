# shellcheck shell=dash
# A location follows links again.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { disable_symlinks on; server { location /files { disable_symlinks off; } } }
EOF
