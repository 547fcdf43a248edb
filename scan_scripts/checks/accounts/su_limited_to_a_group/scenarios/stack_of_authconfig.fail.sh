# shellcheck shell=dash
# Release 7's system-auth asks pam_succeed_if about the account that is become (no use_uid), not about who becomes it.
typical_accounts
empty_file /usr/bin/su 4755
file /etc/pam.d/su <<'EOF'
auth sufficient pam_rootok.so
#auth required pam_wheel.so use_uid
auth substack system-auth
EOF
file /etc/pam.d/system-auth <<'EOF'
auth required pam_env.so
auth sufficient pam_unix.so nullok try_first_pass
auth requisite pam_succeed_if.so uid >= 1000 quiet_success
auth required pam_deny.so
EOF
