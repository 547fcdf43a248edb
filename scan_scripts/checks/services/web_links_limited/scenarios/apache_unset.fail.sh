# shellcheck shell=dash
# Unset means followed.
typical_accounts
enabled_unit httpd.service multi-user.target
file /etc/httpd/conf/httpd.conf <<'EOF'
ServerRoot "/etc/httpd"
EOF
