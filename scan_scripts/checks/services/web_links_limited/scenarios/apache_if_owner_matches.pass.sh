# shellcheck shell=dash
# Links of the same owner are followed.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
<Directory />
	Options None
</Directory>
<Directory /var/www/>
	Options -FollowSymLinks +SymLinksIfOwnerMatch
</Directory>
EOF
