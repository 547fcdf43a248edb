# shellcheck shell=dash
# The module stands in a stack that is included.
typical_accounts
give_alice_a_password
file /etc/pam.d/passwd <<'EOF'
password substack system-auth
EOF
file /etc/pam.d/system-auth <<'EOF'
password requisite pam_pwhistory.so use_authtok
password sufficient pam_unix.so sha512
EOF
