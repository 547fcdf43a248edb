# shellcheck shell=dash
# Only links of the same owner.
typical_accounts
enabled_unit nginx.service multi-user.target
file /etc/nginx/nginx.conf <<'EOF'
http { disable_symlinks if_not_owner; }
EOF
