# shellcheck shell=dash
# An empty field means /bin/sh.
typical_accounts
add_lines /etc/passwd <<'EOF'
adm:x:3:4::/var/adm:
EOF
