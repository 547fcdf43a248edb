# shellcheck shell=dash
# 01000 is 1000.
typical_accounts
add_lines /etc/passwd <<'EOF'
bob:x:01000:1000::/home/bob:/bin/sh
EOF
