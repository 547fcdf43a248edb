# shellcheck shell=dash
# A view has a statement of its own.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
options { allow-transfer { none; }; };
view "outside" {
  match-clients { any; };
  allow-transfer { any; };
  zone "example.com" { type master; file "z"; };
};
EOF
