# shellcheck shell=dash
# A commented line has no say.
typical_accounts
give_alice_a_password
file /etc/pam.d/common-password <<'EOF'
# password required pam_unix.so md5
password required pam_unix.so sha512
EOF
file /etc/login.defs <<'EOF'
ENCRYPT_METHOD SHA512
EOF
