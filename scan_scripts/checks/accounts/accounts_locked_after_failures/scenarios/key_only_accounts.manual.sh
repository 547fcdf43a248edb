# shellcheck shell=dash
# Nobody has a password to guess.
typical_accounts
file /etc/pam.d/common-auth <<'EOF'
auth required pam_unix.so
EOF
