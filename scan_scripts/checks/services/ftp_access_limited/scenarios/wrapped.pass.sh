# shellcheck shell=dash
# vsftpd asks the TCP wrappers, and they refuse others.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
tcp_wrappers=YES
EOF
file /etc/hosts.deny <<'EOF'
ALL:ALL
EOF
file /etc/hosts.allow <<'EOF'
vsftpd : 10.1.2.3
EOF
