# shellcheck shell=dash
# The first value wins; a later no does not help.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin yes
PermitRootLogin no
EOF
