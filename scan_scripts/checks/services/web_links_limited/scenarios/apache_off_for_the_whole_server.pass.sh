# shellcheck shell=dash
# The root of all directories says None, none of them says otherwise.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
<Directory />
	Options None
</Directory>
DocumentRoot /var/www/html
Alias /files /srv/files
EOF
