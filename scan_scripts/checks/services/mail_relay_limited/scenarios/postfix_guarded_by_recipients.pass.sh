# shellcheck shell=dash
# One of the two lists is enough.
typical_accounts
enabled_unit postfix.service multi-user.target
file /etc/postfix/main.cf <<'EOF'
smtpd_relay_restrictions =
smtpd_recipient_restrictions = permit_mynetworks,
    reject_unauth_destination
mynetworks = 10.1.0.0/16
EOF
