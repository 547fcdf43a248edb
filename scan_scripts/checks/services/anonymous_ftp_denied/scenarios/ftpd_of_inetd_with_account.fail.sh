# shellcheck shell=dash
# The account ftp opens the door.
typical_accounts
enabled_unit inetd.service multi-user.target
printf 'ftp:x:107:65534::/srv/ftp:/usr/sbin/nologin\n' | add_lines /etc/passwd
file /etc/inetd.conf <<'EOF'
ftp stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.ftpd
EOF
