# shellcheck shell=dash
# Every share says no for itself.
typical_accounts
enabled_unit smb.service multi-user.target
file /etc/samba/smb.conf <<'EOF'
[global]
   guest ok = yes
[data]
   guest ok = no
EOF
