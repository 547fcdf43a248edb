# shellcheck shell=dash
# Then a person must know the version.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
zone "example.com" { type master; file "z"; };
EOF
