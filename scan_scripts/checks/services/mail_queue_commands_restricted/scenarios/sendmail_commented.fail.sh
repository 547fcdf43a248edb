# shellcheck shell=dash
# A comment sets nothing.
typical_accounts
enabled_unit sendmail.service multi-user.target
file /etc/mail/sendmail.cf <<'EOF'
# O PrivacyOptions=restrictqrun
O PrivacyOptions=authwarnings
EOF
