# shellcheck shell=dash
# An account of its own.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
# user root;
user www-data www-data;
events { }
EOF
