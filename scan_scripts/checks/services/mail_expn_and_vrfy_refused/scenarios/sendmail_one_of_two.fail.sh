# shellcheck shell=dash
# Only one is refused.
typical_accounts
enabled_unit sendmail.service multi-user.target
file /etc/mail/sendmail.cf <<'EOF'
O PrivacyOptions=authwarnings,noexpn
EOF
