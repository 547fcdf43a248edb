# shellcheck shell=dash
# A Match block for root's own group lets root in.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin no
Match Group wheel,root
    PermitRootLogin yes
EOF
typical_accounts
