# shellcheck shell=dash
# Debian's way, another group.
typical_accounts
empty_file /usr/bin/su 4755
file /etc/pam.d/su <<'EOF'
auth       sufficient pam_rootok.so
auth       required   pam_wheel.so group=sudo
@include common-auth
EOF
file /etc/pam.d/common-auth <<'EOF'
auth	[success=1 default=ignore]	pam_unix.so nullok
EOF
