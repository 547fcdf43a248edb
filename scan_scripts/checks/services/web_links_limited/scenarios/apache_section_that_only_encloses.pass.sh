# shellcheck shell=dash
# An outer section follows links, the one that is served does not.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
<Directory /var/www/>
	Options FollowSymLinks
</Directory>
DocumentRoot /var/www/html
<Directory /var/www/html>
	Options -FollowSymLinks
</Directory>
EOF
