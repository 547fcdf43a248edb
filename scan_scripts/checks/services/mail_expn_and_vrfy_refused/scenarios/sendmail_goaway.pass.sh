# shellcheck shell=dash
# One word for both.
typical_accounts
enabled_unit sendmail.service multi-user.target
file /etc/mail/sendmail.cf <<'EOF'
O PrivacyOptions=authwarnings,goaway
EOF
