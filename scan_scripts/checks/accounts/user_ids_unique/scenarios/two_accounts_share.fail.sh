# shellcheck shell=dash
# Two names for one UID.
typical_accounts
add_lines /etc/passwd <<'EOF'
bob:x:1000:1000::/home/bob:/bin/sh
EOF
