# shellcheck shell=dash
# A commented line is no setting, and then OpenSSH lets root in with a key.
file /etc/ssh/sshd_config 0600 <<'EOF'
#PermitRootLogin no
  # PermitRootLogin no
EOF
