# shellcheck shell=dash
# The first value wins; a later yes has no effect.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin no
PermitRootLogin yes
EOF
