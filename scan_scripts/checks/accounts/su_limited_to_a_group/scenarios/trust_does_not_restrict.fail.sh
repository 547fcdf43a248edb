# shellcheck shell=dash
# Members of wheel need no password, and others may still use su.
typical_accounts
empty_file /usr/bin/su 4755
file /etc/pam.d/su <<'EOF'
auth sufficient pam_rootok.so
auth sufficient pam_wheel.so trust use_uid
auth substack system-auth
EOF
