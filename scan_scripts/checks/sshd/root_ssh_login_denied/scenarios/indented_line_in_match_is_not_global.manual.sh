# shellcheck shell=dash
# The no stands in a Match block for others, so nothing is set for everybody.
file /etc/ssh/sshd_config 0600 <<'EOF'
Match User backup
    PermitRootLogin no
EOF
