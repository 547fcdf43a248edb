# shellcheck shell=dash
# It names itself.
typical_accounts
enabled_unit proftpd.service multi-user.target
file /etc/proftpd.conf <<'EOF'
ServerName "files"
EOF
