# shellcheck shell=dash
# An hour is too long.
typical_accounts
file /etc/profile <<'EOF'
TMOUT=3600
export TMOUT
EOF
