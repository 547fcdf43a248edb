# shellcheck shell=dash
# A drop-in that is a link to nothing keeps sshd from starting.
file /etc/ssh/sshd_config 0600 <<'EOF'
Include /etc/ssh/sshd_config.d/*.conf
PermitRootLogin no
EOF
link /etc/ssh/sshd_config.d/50-cloud.conf /etc/ssh/gone
