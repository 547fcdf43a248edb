# shellcheck shell=dash
# Sites stand in files of their own.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
ServerRoot "/etc/httpd"
IncludeOptional conf.d/*.conf
EOF
file /etc/httpd/conf.d/site.conf <<'EOF'
<VirtualHost *:80>
  <Directory "/srv/www">
    Options +Indexes
  </Directory>
</VirtualHost>
EOF
