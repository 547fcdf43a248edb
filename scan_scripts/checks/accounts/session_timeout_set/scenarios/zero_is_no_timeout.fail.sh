# shellcheck shell=dash
# TMOUT=0 never ends a session.
typical_accounts
file /etc/profile <<'EOF'
export TMOUT=0
EOF
