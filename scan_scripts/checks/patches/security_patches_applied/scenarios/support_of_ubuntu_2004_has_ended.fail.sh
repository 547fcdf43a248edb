# shellcheck shell=dash
# Its support ended on 31 May 2025.
file /etc/os-release <<'EOF'
ID=ubuntu
VERSION_ID="20.04"
PRETTY_NAME="A release without support"
EOF
