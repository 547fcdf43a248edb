# shellcheck shell=dash
# A file that a Match block for another account includes never holds for root, whatever it matches itself.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin no
Match User backup
    Include /etc/ssh/backup.conf
EOF
file /etc/ssh/backup.conf 0600 <<'EOF'
Match all
    PermitRootLogin yes
EOF
