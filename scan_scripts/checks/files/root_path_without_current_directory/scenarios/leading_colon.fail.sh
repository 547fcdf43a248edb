# shellcheck shell=dash
# A leading colon is the current directory.
typical_accounts
file /etc/environment <<'EOF'
PATH=":/usr/bin:/bin"
EOF
