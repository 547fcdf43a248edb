# shellcheck shell=dash
# Three are fewer than four.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-password <<'EOF'
password required pam_unix.so remember=3
EOF
