# shellcheck shell=dash
# The table may let anybody in.
typical_accounts
enabled_unit postfix.service multi-user.target
file /etc/postfix/main.cf <<'EOF'
smtpd_relay_restrictions = check_client_access hash:/etc/postfix/clients, reject_unauth_destination
EOF
