# shellcheck shell=dash
# Only an office may log in.
typical_accounts
enabled_unit proftpd.service multi-user.target
file /etc/proftpd/proftpd.conf <<'EOF'
<Limit LOGIN>
  Order allow,deny
  Allow from 10.1.2.0/24
  DenyAll
</Limit>
EOF
