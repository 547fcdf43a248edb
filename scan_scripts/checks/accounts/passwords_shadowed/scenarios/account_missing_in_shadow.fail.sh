# shellcheck shell=dash
# x without a line in /etc/shadow.
typical_accounts
add_lines /etc/passwd <<'EOF'
bob:x:1001:1001::/home/bob:/bin/sh
EOF
