# shellcheck shell=dash
# As the guide asks.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
<Directory "/srv/www">
    AllowOverride AuthConfig
</Directory>
EOF
