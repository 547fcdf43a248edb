# shellcheck shell=dash
# FollowSymLinks, on by default, makes SymLinksIfOwnerMatch idle.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
DocumentRoot /var/www/html
<Directory /var/www/html>
	Options +SymLinksIfOwnerMatch
</Directory>
EOF
