# shellcheck shell=dash
# An outer directory has it, the one that is served takes it away.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
<Directory /var/www/>
	Options Indexes FollowSymLinks
</Directory>
DocumentRoot /var/www/html
<Directory /var/www/html>
	Options -Indexes
</Directory>
EOF
