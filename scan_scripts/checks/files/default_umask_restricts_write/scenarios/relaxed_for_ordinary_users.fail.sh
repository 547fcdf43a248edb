# shellcheck shell=dash
# 002 for some accounts is 002.
typical_accounts
file /etc/login.defs <<'EOF'
UMASK 022
EOF
file /etc/bashrc <<'EOF'
if [ $UID -gt 199 ]; then
  umask 002
else
  umask 022
fi
EOF
