# shellcheck shell=dash
# A minus takes it away.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
<Directory "/var/www/html">
    # Options Indexes
    Options -Indexes
</Directory>
EOF
