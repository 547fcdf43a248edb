# shellcheck shell=dash
# login.defs says 12, and PAM asks nobody.
typical_accounts
give_alice_a_password 1 90
file /etc/pam.d/passwd <<'EOF'
password required pam_unix.so
EOF
file /etc/login.defs <<'EOF'
PASS_MIN_LEN 12
EOF
