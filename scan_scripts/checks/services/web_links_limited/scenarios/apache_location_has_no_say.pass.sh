# shellcheck shell=dash
# In a Location section the option has no effect.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
<Directory />
	Options None
</Directory>
DocumentRoot /var/www/html
<Location /files>
	Options FollowSymLinks
</Location>
EOF
