# shellcheck shell=dash
# Its support ended on 30 June 2026.
file /etc/os-release <<'EOF'
ID=amzn
VERSION_ID="2"
PRETTY_NAME="A release without support"
EOF
