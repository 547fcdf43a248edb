# shellcheck shell=dash
# su - has a stack of its own.
typical_accounts
empty_file /usr/bin/su 4755
file /etc/pam.d/su <<'EOF'
auth sufficient pam_rootok.so
auth required pam_wheel.so use_uid
EOF
file /etc/pam.d/su-l <<'EOF'
auth sufficient pam_rootok.so
auth required pam_unix.so
EOF
