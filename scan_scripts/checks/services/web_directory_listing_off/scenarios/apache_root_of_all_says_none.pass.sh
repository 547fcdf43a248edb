# shellcheck shell=dash
# The server says Indexes, the root of all directories takes it away, no file names a document root.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
Options Indexes
<Directory />
	Options None
</Directory>
EOF
