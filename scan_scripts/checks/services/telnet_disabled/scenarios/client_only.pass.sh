# shellcheck shell=dash
# The client is no server.
typical_accounts
empty_file /usr/bin/telnet 0755
file /var/lib/dpkg/info/telnet.list <<'EOF'
/usr/bin/telnet
EOF
