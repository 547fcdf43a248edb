# shellcheck shell=dash
# Guests are sent away.
typical_accounts
enabled_unit smbd.service multi-user.target
file /etc/samba/smb.conf <<'EOF'
[global]
   map to guest = never
[data]
   path = /srv/data
   guest ok = no
   ; guest ok = yes
EOF
