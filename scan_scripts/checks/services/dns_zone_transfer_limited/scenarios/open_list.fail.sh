# shellcheck shell=dash
# A list by name that lets everybody in.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
acl "friends" { 10.0.0.2; any; };
zone "example.com" { type master; file "z"; allow-transfer { friends; }; };
EOF
