# shellcheck shell=dash
# No patch can come.
typical_accounts
file /etc/os-release <<'EOF'
ID="centos"
VERSION_ID="7"
PRETTY_NAME="CentOS Linux 7 (Core)"
EOF
