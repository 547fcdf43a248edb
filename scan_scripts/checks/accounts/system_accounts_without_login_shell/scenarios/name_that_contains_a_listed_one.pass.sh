# shellcheck shell=dash
# binaryuser is not bin.
typical_accounts
add_lines /etc/passwd <<'EOF'
binaryuser:x:1001:1001::/home/b:/bin/bash
EOF
