# shellcheck shell=dash
# Include takes patterns for directories too.
file /etc/ssh/sshd_config 0600 <<'EOF'
Include /etc/ssh/*.d/*.conf
PermitRootLogin no
EOF
file /etc/ssh/sshd_config.d/50-cloud.conf 0600 <<'EOF'
PermitRootLogin yes
EOF
