# shellcheck shell=dash
# The drop-in is included first, so its yes wins over the no of the file.
file /etc/ssh/sshd_config 0600 <<'EOF'
Include /etc/ssh/sshd_config.d/*.conf
PermitRootLogin no
EOF
file /etc/ssh/sshd_config.d/50-cloud.conf 0600 <<'EOF'
PermitRootLogin yes
EOF
