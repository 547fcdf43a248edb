# shellcheck shell=dash
# A later file takes it back.
typical_accounts
file /etc/profile <<'EOF'
export TMOUT=600
EOF
file /etc/profile.d/zz-local.sh <<'EOF'
unset TMOUT
EOF
