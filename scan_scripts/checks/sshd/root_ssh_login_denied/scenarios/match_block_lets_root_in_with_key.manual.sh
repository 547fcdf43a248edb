# shellcheck shell=dash
# A Match block lets root in with a key.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin no
Match Host backup.example.com
    PermitRootLogin forced-commands-only
EOF
