# shellcheck shell=dash
# The served directory adds an option and keeps what the outer one has.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
<Directory /var/www/html>
	Options +MultiViews
</Directory>
DocumentRoot "/var/www/html"
<Directory /var/www>
	Options Indexes
</Directory>
EOF
