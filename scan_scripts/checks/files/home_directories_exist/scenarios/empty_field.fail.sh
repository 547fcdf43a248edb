# shellcheck shell=dash
# No home at all.
typical_accounts
add_lines /etc/passwd <<'EOF'
bob:x:1001:1001:::/bin/bash
EOF
