# shellcheck shell=dash
# Said in so many words.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
zone "example.com" { type master; file "z"; allow-update { none; }; };
EOF
