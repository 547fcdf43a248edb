# shellcheck shell=dash
# PAM would store MD5.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-password <<'EOF'
password [success=1 default=ignore] pam_unix.so obscure md5
EOF
file /etc/login.defs <<'EOF'
ENCRYPT_METHOD SHA512
EOF
