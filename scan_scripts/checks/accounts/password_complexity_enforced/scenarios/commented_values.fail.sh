# shellcheck shell=dash
# Commented values are none.
typical_accounts
give_alice_a_password
file /etc/pam.d/passwd <<'EOF'
password   substack     system-auth
EOF
file /etc/pam.d/system-auth <<'EOF'
password    requisite     pam_pwquality.so
password    sufficient    pam_unix.so sha512 shadow use_authtok
EOF
file /etc/security/pwquality.conf <<'EOF'
# minlen = 8
# dcredit = -1
minlen = 8
EOF
