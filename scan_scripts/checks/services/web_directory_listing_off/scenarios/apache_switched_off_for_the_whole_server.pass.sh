# shellcheck shell=dash
# Outside of sections it holds for every directory, and nothing switches it on again.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
Options None
DocumentRoot /srv/site
<Directory /srv/site>
	Options +FollowSymLinks
</Directory>
EOF
