# shellcheck shell=dash
# Release 8 has yes in the file it ships, no longer as the built-in default: without the line a key opens.
file /etc/os-release <<'EOF'
ID="rhel"
VERSION_ID="8.10"
EOF
file /etc/ssh/sshd_config 0600 <<'EOF'
Port 22
EOF
