# shellcheck shell=dash
# In front of a command it holds for that command.
typical_accounts
file /etc/profile <<'EOF'
TMOUT=600 some-command
export TMOUT
EOF
