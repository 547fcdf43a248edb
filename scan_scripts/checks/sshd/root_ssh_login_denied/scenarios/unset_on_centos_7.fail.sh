# shellcheck shell=dash
# Red Hat's OpenSSH 7.4 of release 7 keeps the old default, yes (its openssh-7.4p1-permit-root-login.patch).
file /etc/os-release <<'EOF'
ID="centos"
VERSION_ID="7"
EOF
file /etc/ssh/sshd_config 0600 <<'EOF'
#PermitRootLogin yes
EOF
