# shellcheck shell=dash
# The usual remedy.
typical_accounts
file /etc/profile.d/timeout.sh <<'EOF'
readonly TMOUT=600; export TMOUT
EOF
