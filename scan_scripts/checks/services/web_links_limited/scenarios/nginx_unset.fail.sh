# shellcheck shell=dash
# Unset means followed.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { }
user www-data;
EOF
