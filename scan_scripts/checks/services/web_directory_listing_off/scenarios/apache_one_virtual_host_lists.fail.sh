# shellcheck shell=dash
# Two sites share a root, one of them lists it.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
<VirtualHost *:80>
	DocumentRoot /srv/site
	<Directory /srv/site>
		Options -Indexes
	</Directory>
</VirtualHost>
<VirtualHost *:81>
	DocumentRoot /srv/site
	<Directory /srv/site>
		Options All
	</Directory>
</VirtualHost>
EOF
