# shellcheck shell=dash
# The current directory comes first.
typical_accounts
file /root/.bashrc <<'EOF'
export PATH=.:$PATH
EOF
