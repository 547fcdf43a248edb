# shellcheck shell=dash
# Amazon Linux 2 has the OpenSSH 7.4 of Red Hat's release 7.
file /etc/os-release <<'EOF'
ID="amzn"
VERSION_ID="2"
EOF
file /etc/ssh/sshd_config 0600 <<'EOF'
#PermitRootLogin yes
EOF
