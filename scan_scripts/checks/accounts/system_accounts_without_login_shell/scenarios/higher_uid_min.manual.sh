# shellcheck shell=dash
# UID_MIN says where people begin.
typical_accounts
add_lines /etc/passwd <<'EOF'
app:x:1500:1500::/opt/app:/bin/bash
EOF
file /etc/login.defs <<'EOF'
UID_MIN 5000
EOF
