# shellcheck shell=dash
# Homes are where passwd says.
typical_accounts
add_lines /etc/passwd <<'EOF'
app:x:1001:1001::/opt/app:/bin/bash
EOF
directory /opt/app 0755
