# shellcheck shell=dash
# Options without a sign replace what the outer directory has.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
DocumentRoot /srv/site
<Directory />
	Options Indexes
</Directory>
<Directory /srv/site>
	Options FollowSymLinks
</Directory>
EOF
