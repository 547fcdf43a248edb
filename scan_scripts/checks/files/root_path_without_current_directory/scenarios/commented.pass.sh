# shellcheck shell=dash
# A commented line sets nothing.
typical_accounts
file /root/.profile <<'EOF'
# PATH=.:$PATH
EOF
