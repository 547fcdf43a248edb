# shellcheck shell=dash
# Everybody.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
options { allow-transfer { none; }; };
zone "example.com" { type primary; file "z"; allow-transfer { any; }; };
EOF
