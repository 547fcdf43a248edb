# shellcheck shell=dash
# Old releases lock with pam_tally2.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-auth <<'EOF'
auth required pam_tally2.so deny=5 unlock_time=120
EOF
