# shellcheck shell=dash
# authfail alone counts, and refuses nobody.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-auth <<'EOF'
auth required pam_unix.so
auth [default=die] pam_faillock.so authfail
EOF
