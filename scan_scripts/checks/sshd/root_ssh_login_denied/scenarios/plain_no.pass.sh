# shellcheck shell=dash
# The plain case.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin no
EOF
