# shellcheck shell=dash
# Debian switches entries off with #<off>#.
typical_accounts
enabled_unit openbsd-inetd.service multi-user.target
file /etc/inetd.conf <<'EOF'
#<off># chargen stream tcp nowait root /usr/sbin/tcpd /usr/sbin/internal
# chargen stream tcp nowait root /usr/sbin/internal
EOF
