# shellcheck shell=dash
# Switched on.
typical_accounts
enabled_unit proftpd.service multi-user.target
file /etc/proftpd/proftpd.conf <<'EOF'
<Global>
  RootLogin on
</Global>
EOF
