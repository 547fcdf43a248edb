# shellcheck shell=dash
# Options without Indexes.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
<Directory /var/www/>
	Options FollowSymLinks
</Directory>
EOF
