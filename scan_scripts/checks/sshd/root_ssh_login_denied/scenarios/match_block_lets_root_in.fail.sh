# shellcheck shell=dash
# A Match block opens again what the file closes.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin no
Match Address 10.0.0.0/8
    PermitRootLogin yes
EOF
