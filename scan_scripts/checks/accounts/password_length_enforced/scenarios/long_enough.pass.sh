# shellcheck shell=dash
# A value of the file.
typical_accounts
give_alice_a_password 1 90
file /etc/pam.d/passwd <<'EOF'
password requisite pam_pwquality.so
password required pam_unix.so
EOF
file /etc/security/pwquality.conf <<'EOF'
minlen = 9
EOF
