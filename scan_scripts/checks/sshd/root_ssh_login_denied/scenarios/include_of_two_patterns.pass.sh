# shellcheck shell=dash
# One Include may name several patterns, parted by blanks or tabs.
file /etc/ssh/sshd_config 0600 <<'EOF'
Include /etc/ssh/first.d/*.conf	/etc/ssh/second.d/*.conf /etc/ssh/third.d/*.conf
EOF
file /etc/ssh/third.d/root.conf 0600 <<'EOF'
PermitRootLogin no
EOF
file /etc/ssh/second.d/other.conf 0600 <<'EOF'
X11Forwarding no
EOF
