# shellcheck shell=dash
# Homes are where passwd says.
typical_accounts
unit rsh.socket
link /etc/systemd/system/sockets.target.wants/rsh.socket /usr/lib/systemd/system/rsh.socket
add_lines /etc/passwd <<'EOF'
app:x:1001:1001::/opt/app:/bin/bash
EOF
file /opt/app/.rhosts 0644 1001:1001 <<'EOF'
host app
EOF
