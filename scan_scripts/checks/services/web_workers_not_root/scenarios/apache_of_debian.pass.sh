# shellcheck shell=dash
# Debian names the account in another file.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
User ${APACHE_RUN_USER}
EOF
file /etc/apache2/envvars <<'EOF'
export APACHE_RUN_USER=www-data
EOF
