# shellcheck shell=dash
# 2023 is not 2: its OpenSSH has the default of the project.
file /etc/os-release <<'EOF'
ID="amzn"
VERSION_ID="2023"
EOF
file /etc/ssh/sshd_config 0600 <<'EOF'
#PermitRootLogin prohibit-password
EOF
