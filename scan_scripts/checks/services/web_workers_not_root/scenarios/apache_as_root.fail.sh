# shellcheck shell=dash
# root answers.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
User root
EOF
