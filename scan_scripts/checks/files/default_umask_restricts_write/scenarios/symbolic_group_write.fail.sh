# shellcheck shell=dash
# Letters that let the group write.
typical_accounts
file /etc/login.defs <<'EOF'
UMASK 022
EOF
file /etc/profile <<'EOF'
umask u=rwx,g=rwx,o=rx
EOF
