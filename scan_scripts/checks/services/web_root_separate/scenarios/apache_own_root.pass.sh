# shellcheck shell=dash
# A directory of its own.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
DocumentRoot "/srv/shop/public"
EOF
