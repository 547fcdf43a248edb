# shellcheck shell=dash
# su - includes the stack of su.
typical_accounts
empty_file /usr/bin/su 4755
file /etc/pam.d/su <<'EOF'
auth sufficient pam_rootok.so
auth required pam_wheel.so use_uid
EOF
file /etc/pam.d/su-l <<'EOF'
auth include su
EOF
