# shellcheck shell=dash
# An account of the list has a shell.
typical_accounts
add_lines /etc/passwd <<'EOF'
games:x:5:60::/usr/games:/bin/bash
EOF
