# shellcheck shell=dash
# A person compares policy and dates.
typical_accounts
file /etc/os-release <<'EOF'
ID=ubuntu
VERSION_ID="24.04"
PRETTY_NAME="Ubuntu 24.04.2 LTS"
EOF
