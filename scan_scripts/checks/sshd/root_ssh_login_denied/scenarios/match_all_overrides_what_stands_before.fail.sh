# shellcheck shell=dash
# Match all meets everybody, and overrides what stands outside of it.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin no
Match all
    PermitRootLogin yes
EOF
