# shellcheck shell=dash
# sshd reads keywords in any case and accepts an equals sign and quotes.
file /etc/ssh/sshd_config 0600 <<'EOF'
  permitrootlogin="No"
EOF
