# shellcheck shell=dash
# Of two drop-ins the lexically first one wins.
file /etc/ssh/sshd_config 0600 <<'EOF'
Include sshd_config.d/*.conf
EOF
file /etc/ssh/sshd_config.d/10-first.conf 0600 <<'EOF'
PermitRootLogin no
EOF
file /etc/ssh/sshd_config.d/90-last.conf 0600 <<'EOF'
PermitRootLogin yes
EOF
