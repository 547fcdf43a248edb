# shellcheck shell=dash
# Unset means prohibit-password since OpenSSH 7.0.
file /etc/ssh/sshd_config 0600 <<'EOF'
Port 22
EOF
