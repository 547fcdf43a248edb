# shellcheck shell=dash
# 070 is more than 022 as a number, but lets others write.
typical_accounts
file /etc/login.defs <<'EOF'
UMASK 022
EOF
file /etc/profile <<'EOF'
umask 070
EOF
