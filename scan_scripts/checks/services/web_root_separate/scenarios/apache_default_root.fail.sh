# shellcheck shell=dash
# As shipped.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
DocumentRoot "/var/www/html/"
EOF
