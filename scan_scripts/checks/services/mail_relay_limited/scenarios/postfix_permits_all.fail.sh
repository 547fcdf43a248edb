# shellcheck shell=dash
# Nothing refuses strangers.
typical_accounts
enabled_unit postfix.service multi-user.target
file /etc/postfix/main.cf <<'EOF'
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks, permit
EOF
