# shellcheck shell=dash
# The guide names no answer for key-only logins, so a person decides.
file /etc/ssh/sshd_config 0600 <<'EOF'
PermitRootLogin prohibit-password
EOF
