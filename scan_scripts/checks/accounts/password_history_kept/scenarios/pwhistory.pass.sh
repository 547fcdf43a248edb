# shellcheck shell=dash
# pam_pwhistory with a value.
typical_accounts
give_alice_a_password
file /etc/pam.d/passwd <<'EOF'
password required pam_pwhistory.so remember=5 use_authtok
password required pam_unix.so sha512
EOF
