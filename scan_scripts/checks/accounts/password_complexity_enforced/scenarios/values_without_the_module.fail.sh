# shellcheck shell=dash
# The file is good, but nothing reads it.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-password <<'EOF'
password required pam_unix.so yescrypt
EOF
file /etc/security/pwquality.conf <<'EOF'
minlen = 8
dcredit = -1
ucredit = -1
lcredit = -1
ocredit = -1
enforce_for_root
EOF
