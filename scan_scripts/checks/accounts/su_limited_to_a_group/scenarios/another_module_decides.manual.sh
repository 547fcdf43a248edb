# shellcheck shell=dash
# A rule about a group that is not pam_wheel's.
typical_accounts
empty_file /usr/bin/su 4755
file /etc/pam.d/su <<'EOF'
auth sufficient pam_rootok.so
auth requisite pam_succeed_if.so user ingroup admins use_uid
auth required pam_unix.so
EOF
