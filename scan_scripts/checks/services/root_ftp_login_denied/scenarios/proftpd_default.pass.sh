# shellcheck shell=dash
# It refuses root by itself.
typical_accounts
enabled_unit proftpd.service multi-user.target
file /etc/proftpd/proftpd.conf <<'EOF'
ServerName "files"
EOF
