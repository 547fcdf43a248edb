# shellcheck shell=dash
# The list names the major release.
typical_accounts
file /usr/lib/os-release <<'EOF'
ID=debian
VERSION_ID="10.13"
EOF
