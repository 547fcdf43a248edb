# shellcheck shell=dash
# An address can be forged.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
zone "example.com" { type master; file "z"; allow-update { 10.0.0.5; localhost; }; };
EOF
