# shellcheck shell=dash
# The default site is still enabled.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { include /etc/nginx/sites-enabled/*; }
EOF
file /etc/nginx/sites-available/default <<'EOF'
server { root /var/www/html; }
EOF
link /etc/nginx/sites-enabled/default /etc/nginx/sites-available/default
