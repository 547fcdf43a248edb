# shellcheck shell=dash
# Letters say the same.
typical_accounts
file /etc/login.defs <<'EOF'
UMASK 022
EOF
file /etc/profile <<'EOF'
umask u=rwx,g=rx,o=
EOF
