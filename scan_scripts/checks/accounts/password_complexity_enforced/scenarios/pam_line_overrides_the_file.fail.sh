# shellcheck shell=dash
# The PAM line has the last word.
typical_accounts
give_alice_a_password
file /etc/pam.d/passwd <<'EOF'
password requisite pam_pwquality.so minlen=5
EOF
file /etc/security/pwquality.conf <<'EOF'
minlen = 8
dcredit = -1
ucredit = -1
lcredit = -1
ocredit = -1
enforce_for_root
EOF
