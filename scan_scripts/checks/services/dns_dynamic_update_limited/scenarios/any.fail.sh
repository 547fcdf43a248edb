# shellcheck shell=dash
# Everybody may rewrite the zone.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
options { allow-update { any; }; };
zone "example.com" { type master; file "z"; };
EOF
