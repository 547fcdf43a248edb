# shellcheck shell=dash
# What else applies is elsewhere.
typical_accounts
enabled_unit smb.service multi-user.target
file /etc/samba/smb.conf <<'EOF'
[global]
   include = /etc/samba/%m.conf
[data]
   path = /srv/data
EOF
