# shellcheck shell=dash
# A section by address comes after those by directory.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
DocumentRoot /srv/site
<Directory /srv/site>
	Options None
</Directory>
<Location /files>
	Options +Indexes
</Location>
EOF
