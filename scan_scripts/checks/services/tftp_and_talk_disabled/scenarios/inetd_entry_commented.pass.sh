# shellcheck shell=dash
# Debian switches entries off with #<off>#.
typical_accounts
enabled_unit openbsd-inetd.service multi-user.target
file /etc/inetd.conf <<'EOF'
#<off># tftp stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.tftpd
# tftp stream tcp nowait root /usr/sbin/in.tftpd
EOF
