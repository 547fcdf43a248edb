# shellcheck shell=dash
# Unset means everything.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
User apache
EOF
