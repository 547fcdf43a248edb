# shellcheck shell=dash
# A limit on writing limits no login.
typical_accounts
enabled_unit proftpd.service multi-user.target
file /etc/proftpd/proftpd.conf <<'EOF'
<Limit WRITE>
  DenyAll
</Limit>
EOF
