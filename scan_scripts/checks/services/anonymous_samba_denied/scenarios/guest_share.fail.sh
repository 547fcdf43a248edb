# shellcheck shell=dash
# A share for guests.
typical_accounts
enabled_unit smb.service multi-user.target
file /etc/samba/smb.conf <<'EOF'
[global]
   map to guest = Bad User
[public]
   path = /srv/public
   Guest OK = Yes
EOF
