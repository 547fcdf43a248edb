# shellcheck shell=dash
# One directory below the root switches it on again.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
DocumentRoot /srv/site
<Directory /srv/site>
	Options -Indexes
</Directory>
<Directory /srv/site/files>
	Options +Indexes
</Directory>
EOF
