# shellcheck shell=dash
# BIND refuses updates unless it is told otherwise.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
zone "example.com" { type master; file "z"; };
EOF
