# shellcheck shell=dash
# They are asked, and let everybody in.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
tcp_wrappers=YES
EOF
file /etc/hosts.deny <<'EOF'
# ALL: ALL
sshd: ALL
EOF
