# shellcheck shell=dash
# One virtual host switches it on again.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
<Directory />
	Options None
</Directory>
DocumentRoot /var/www/html
<VirtualHost *:81>
	DocumentRoot /srv/other
	<Directory /srv/other>
		Options FollowSymLinks
	</Directory>
</VirtualHost>
EOF
