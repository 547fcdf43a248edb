# shellcheck shell=dash
# update-policy works with keys only.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
zone "example.com" { type master; file "z"; update-policy { grant ddns-key zonesub ANY; }; };
EOF
