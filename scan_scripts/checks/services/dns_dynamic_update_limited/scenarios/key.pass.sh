# shellcheck shell=dash
# Who holds the key may.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
zone "example.com" { type master; file "z"; allow-update { key "ddns-key"; }; };
EOF
