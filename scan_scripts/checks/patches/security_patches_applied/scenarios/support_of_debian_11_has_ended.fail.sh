# shellcheck shell=dash
# Its support ended on 31 August 2026, with its LTS.
file /etc/os-release <<'EOF'
ID=debian
VERSION_ID="11"
PRETTY_NAME="A release without support"
EOF
