# shellcheck shell=dash
# public is another word for it.
typical_accounts
enabled_unit smb.service multi-user.target
file /etc/samba/smb.conf <<'EOF'
[scan]
   public=yes
EOF
