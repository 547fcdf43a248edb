# shellcheck shell=dash
# An absolute link of an unpacked root leads to a file of that root.
file /usr/share/site/sshd_config 0600 <<'EOF'
PermitRootLogin no
EOF
link /etc/ssh/sshd_config /usr/share/site/sshd_config
