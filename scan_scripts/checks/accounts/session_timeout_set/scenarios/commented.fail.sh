# shellcheck shell=dash
# A commented line sets nothing.
typical_accounts
file /etc/profile <<'EOF'
# export TMOUT=600
   #TMOUT=600
EOF
