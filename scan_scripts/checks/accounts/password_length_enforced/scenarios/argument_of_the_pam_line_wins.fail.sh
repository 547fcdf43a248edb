# shellcheck shell=dash
# The line overrides the file.
typical_accounts
give_alice_a_password 1 90
file /etc/pam.d/passwd <<'EOF'
password requisite pam_pwquality.so minlen=6
EOF
file /etc/security/pwquality.conf <<'EOF'
minlen = 14
EOF
