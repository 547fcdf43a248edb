# shellcheck shell=dash
# The classic list.
typical_accounts
enabled_unit inetd.service multi-user.target
file /etc/inetd.conf <<'EOF'
ftp stream tcp nowait root /usr/sbin/in.ftpd in.ftpd
EOF
printf 'root\n' | file /etc/ftpusers
