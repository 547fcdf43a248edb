# shellcheck shell=dash
# Commented lines have no say.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-auth <<'EOF'
# auth required pam_faillock.so preauth
auth required pam_unix.so # pam_faillock.so authfail
EOF
