# shellcheck shell=dash
# Other guides ask for None.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
<Directory "/srv/www">
    AllowOverride None
</Directory>
EOF
