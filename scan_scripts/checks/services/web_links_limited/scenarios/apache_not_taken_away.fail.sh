# shellcheck shell=dash
# Another option is taken away; links are followed by default.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
DocumentRoot /var/www/html
<Directory /var/www/html>
	Options -Indexes
</Directory>
EOF
