# shellcheck shell=dash
# Four are not enough.
typical_accounts
give_alice_a_password 1 90
file /etc/pam.d/passwd <<'EOF'
password requisite pam_pwquality.so
EOF
file /etc/security/pwquality.conf <<'EOF'
minlen = 4
EOF
