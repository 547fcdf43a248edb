# shellcheck shell=dash
# Nobody has a password that a rule could govern.
typical_accounts
file /etc/pam.d/passwd <<'EOF'
password required pam_unix.so
EOF
