# shellcheck shell=dash
# sshd refuses files that include one another in circles; nothing can be said of them.
file /etc/ssh/sshd_config 0600 <<'EOF'
Include /etc/ssh/other.conf
PermitRootLogin no
EOF
echo 'Include /etc/ssh/sshd_config' | file /etc/ssh/other.conf 0600
