# shellcheck shell=dash
# It has a limit of its own.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
user www-data;
EOF
