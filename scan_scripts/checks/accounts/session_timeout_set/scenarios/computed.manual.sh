# shellcheck shell=dash
# The value is computed at login.
typical_accounts
file /etc/profile <<'EOF'
export TMOUT=$(get-timeout)
EOF
