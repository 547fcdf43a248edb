# shellcheck shell=dash
# Unset is no limit, or a very wide one.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
# LimitRequestBody 5000000
User apache
EOF
