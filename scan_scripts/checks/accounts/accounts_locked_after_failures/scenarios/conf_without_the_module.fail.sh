# shellcheck shell=dash
# The file is good, but nothing reads it.
typical_accounts
give_alice_a_password
file /etc/pam.d/login <<'EOF'
@include common-auth
EOF
file /etc/pam.d/common-auth <<'EOF'
auth [success=1 default=ignore] pam_unix.so nullok
EOF
file /etc/security/faillock.conf <<'EOF'
deny = 5
EOF
