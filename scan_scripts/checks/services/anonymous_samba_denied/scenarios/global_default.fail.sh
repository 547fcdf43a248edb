# shellcheck shell=dash
# The default of [global] holds for shares that say nothing.
typical_accounts
enabled_unit smb.service multi-user.target
file /etc/samba/smb.conf <<'EOF'
[global]
   guest ok = yes
[data]
   path = /srv/data
EOF
