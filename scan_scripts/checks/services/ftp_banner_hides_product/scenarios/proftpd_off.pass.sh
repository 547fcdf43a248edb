# shellcheck shell=dash
# Switched off.
typical_accounts
enabled_unit proftpd.service multi-user.target
file /etc/proftpd.conf <<'EOF'
ServerIdent off
EOF
