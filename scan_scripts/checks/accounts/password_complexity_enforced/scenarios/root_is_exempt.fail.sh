# shellcheck shell=dash
# The rules hold for root as well, or they do not count.
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
minlen = 8
dcredit = -1
ucredit = -1
lcredit = -1
ocredit = -1
EOF
