# shellcheck shell=dash
# Another module with rules of its own.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-password <<'EOF'
password requisite pam_passwdqc.so min=disabled,24,11,8,7
EOF
