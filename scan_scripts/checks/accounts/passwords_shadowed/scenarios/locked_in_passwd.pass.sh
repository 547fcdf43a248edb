# shellcheck shell=dash
# A star or exclamation mark is no password.
typical_accounts
add_lines /etc/passwd <<'EOF'
bob:*:1001:1001::/home/bob:/bin/sh
carol:!!:1002:1002::/home/carol:/bin/sh
EOF
