# shellcheck shell=dash
# sshd would refuse this file.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin perhaps
EOF
