# shellcheck shell=dash
# A directory that is served too keeps the default.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
DocumentRoot /var/www/html
<Directory /var/www/html>
	Options None
</Directory>
Alias /files /srv/files
EOF
