# shellcheck shell=dash
# An account of its own.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
User apache
Group apache
EOF
