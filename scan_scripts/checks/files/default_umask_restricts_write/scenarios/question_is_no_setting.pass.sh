# shellcheck shell=dash
# umask -S only prints.
typical_accounts
file /etc/login.defs <<'EOF'
UMASK 022
EOF
file /etc/profile <<'EOF'
umask -S >/dev/null
EOF
