# shellcheck shell=dash
# A later value fails against readonly.
typical_accounts
file /etc/profile <<'EOF'
export TMOUT=600
readonly TMOUT
EOF
file /etc/profile.d/zz-local.sh <<'EOF'
TMOUT=0
EOF
