# shellcheck shell=dash
# A comment opens nothing.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
zone "example.com" { type master; file "z"; /* allow-update { any; }; */ };
EOF
