# shellcheck shell=dash
# declare -rx does it at once.
typical_accounts
file /etc/profile <<'EOF'
declare -rx TMOUT=300
EOF
