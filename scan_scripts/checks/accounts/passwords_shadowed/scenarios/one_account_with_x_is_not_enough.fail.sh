# shellcheck shell=dash
# One empty field is enough to fail, however many lines have x.
typical_accounts
add_lines /etc/passwd <<'EOF'
bob::1001:1001::/home/bob:/bin/sh
EOF
