# shellcheck shell=dash
# Both keep group and others from writing.
typical_accounts
file /etc/login.defs <<'EOF'
UMASK 022
EOF
file /etc/profile <<'EOF'
umask 027
EOF
