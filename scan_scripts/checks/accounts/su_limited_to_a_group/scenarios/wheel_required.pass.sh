# shellcheck shell=dash
# The plain case of the Red Hat family.
typical_accounts
empty_file /usr/bin/su 4755
file /etc/pam.d/su <<'EOF'
auth		sufficient	pam_rootok.so
auth		required	pam_wheel.so use_uid
auth		substack	system-auth
EOF
