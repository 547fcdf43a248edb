# shellcheck shell=dash
# sshd uses password-auth, which locks nobody.
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
auth        required      pam_faillock.so preauth silent deny=5
auth        sufficient    pam_unix.so nullok
auth        required      pam_faillock.so authfail deny=5
auth        required      pam_deny.so
account     required      pam_faillock.so
EOF
file /etc/pam.d/password-auth <<'EOF'
auth        sufficient    pam_unix.so
EOF
