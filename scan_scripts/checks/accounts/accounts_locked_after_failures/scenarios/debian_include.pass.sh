# shellcheck shell=dash
# @include is followed, and a bracketed control is read.
typical_accounts
give_alice_a_password
file /etc/pam.d/sshd <<'EOF'
@include common-auth
EOF
file /etc/pam.d/common-auth <<'EOF'
auth required pam_faillock.so preauth
auth [success=1 default=ignore] pam_unix.so nullok
auth [default=die] pam_faillock.so authfail
EOF
