# shellcheck shell=dash
# The guide's example.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
LimitRequestBody 5000000
EOF
