# shellcheck shell=dash
# enforcing = 0 turns refusal into advice.
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
enforce_for_root
enforcing = 0
EOF
