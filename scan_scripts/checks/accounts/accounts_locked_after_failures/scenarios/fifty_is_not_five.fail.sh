# shellcheck shell=dash
# 50 begins with 5 and is too many.
typical_accounts
give_alice_a_password
file /etc/pam.d/sshd <<'EOF'
auth       substack     password-auth
EOF
file /etc/pam.d/login <<'EOF'
auth       substack     system-auth
EOF
file /etc/pam.d/system-auth <<'EOF'
auth        required      pam_env.so
auth        required      pam_faillock.so preauth silent
auth        sufficient    pam_unix.so nullok
auth        required      pam_faillock.so authfail
auth        required      pam_deny.so
account     required      pam_faillock.so
EOF
file /etc/pam.d/password-auth <<'EOF'
auth        required      pam_env.so
auth        required      pam_faillock.so preauth silent
auth        sufficient    pam_unix.so nullok
auth        required      pam_faillock.so authfail
auth        required      pam_deny.so
account     required      pam_faillock.so
EOF
file /etc/security/faillock.conf <<'EOF'
deny = 50
EOF
