# shellcheck shell=dash
# Nobody has a password to repeat.
typical_accounts
file /etc/pam.d/common-password <<'EOF'
password required pam_unix.so sha512
EOF
