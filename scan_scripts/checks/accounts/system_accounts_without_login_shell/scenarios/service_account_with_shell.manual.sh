# shellcheck shell=dash
# A database account with a shell may be needed.
typical_accounts
add_lines /etc/passwd <<'EOF'
postgres:x:26:26::/var/lib/pgsql:/bin/bash
EOF
