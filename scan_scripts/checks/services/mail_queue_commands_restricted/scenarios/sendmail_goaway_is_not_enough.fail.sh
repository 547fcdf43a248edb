# shellcheck shell=dash
# goaway leaves the queue alone.
typical_accounts
enabled_unit sendmail.service multi-user.target
file /etc/mail/sendmail.cf <<'EOF'
O PrivacyOptions=goaway
EOF
