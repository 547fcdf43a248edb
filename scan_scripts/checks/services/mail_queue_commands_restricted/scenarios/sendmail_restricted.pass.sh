# shellcheck shell=dash
# The word stands among others.
typical_accounts
enabled_unit sendmail.service multi-user.target
file /etc/mail/sendmail.cf <<'EOF'
#O PrivacyOptions=public
O PrivacyOptions=authwarnings, novrfy,noexpn,restrictqrun
EOF
