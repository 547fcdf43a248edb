# shellcheck shell=dash
# Installed is not yet in force.
typical_accounts
file /etc/os-release <<'EOF'
ID=ubuntu
VERSION_ID="22.04"
EOF
empty_file /run/reboot-required
