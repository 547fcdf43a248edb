# shellcheck shell=dash
# No updates there is no proof.
typical_accounts
file /etc/os-release <<'EOF'
ID="amzn"
VERSION_ID="2023"
EOF
