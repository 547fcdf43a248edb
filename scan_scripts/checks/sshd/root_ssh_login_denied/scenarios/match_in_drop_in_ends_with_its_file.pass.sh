# shellcheck shell=dash
# A Match block ends with the file it stands in; what follows Include is for everybody.
file /etc/ssh/sshd_config 0600 <<'EOF'
Include /etc/ssh/sshd_config.d/*.conf
PermitRootLogin no
EOF
file /etc/ssh/sshd_config.d/10-match.conf 0600 <<'EOF'
Match User backup
    X11Forwarding no
EOF
