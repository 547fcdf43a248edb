# shellcheck shell=dash
# Options of the service override the file.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin no
EOF
file /etc/default/ssh <<'EOF'
SSHD_OPTS="-o PermitRootLogin=yes"
EOF
