# shellcheck shell=dash
# Not exported, so a shell started from the first one never ends.
typical_accounts
file /etc/profile <<'EOF'
TMOUT=600
EOF
