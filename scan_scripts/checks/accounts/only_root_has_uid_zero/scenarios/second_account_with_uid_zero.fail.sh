# shellcheck shell=dash
# Another name, the same power.
typical_accounts
add_lines /etc/passwd <<'EOF'
toor:x:0:0::/root:/bin/sh
EOF
