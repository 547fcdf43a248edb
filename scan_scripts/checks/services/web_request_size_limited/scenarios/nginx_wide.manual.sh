# shellcheck shell=dash
# What a site needs is for a person to say.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { client_max_body_size 100m; }
EOF
