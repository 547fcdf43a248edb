# shellcheck shell=dash
# Keywords and values may stand in quotes.
file /etc/ssh/sshd_config 0600 <<'EOF'
"PermitRootLogin" 'yes'
PermitRootLogin no
EOF
