# shellcheck shell=dash
# An account switches it off for itself.
typical_accounts
file /etc/profile <<'EOF'
export TMOUT=600
EOF
file /home/alice/.bashrc 0644 1000:1000 <<'EOF'
unset TMOUT
EOF
