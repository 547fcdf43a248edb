# shellcheck shell=dash
# The client alone is no server.
typical_accounts
file /etc/samba/smb.conf <<'EOF'
[public]
   guest ok = yes
EOF
