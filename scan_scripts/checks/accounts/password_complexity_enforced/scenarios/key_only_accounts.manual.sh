# shellcheck shell=dash
# Nobody has a password, and no policy waits for the first one.
typical_accounts
file /etc/pam.d/common-password <<'EOF'
password required pam_unix.so yescrypt
EOF
