# shellcheck shell=dash
# A name that only contains ftp.
typical_accounts
enabled_unit inetd.service multi-user.target
printf 'sftpuser:x:1107:1107::/home/sftpuser:/bin/bash\n' | add_lines /etc/passwd
file /etc/inetd.conf <<'EOF'
ftp stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.ftpd
EOF
