# shellcheck shell=dash
# Debian switches entries off with #<off>#.
typical_accounts
enabled_unit openbsd-inetd.service multi-user.target
file /etc/inetd.conf <<'EOF'
#<off># login stream tcp nowait root /usr/sbin/tcpd /usr/sbin/in.rlogind
# login stream tcp nowait root /usr/sbin/in.rlogind
EOF
