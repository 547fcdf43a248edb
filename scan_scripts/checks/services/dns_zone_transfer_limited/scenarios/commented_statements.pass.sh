# shellcheck shell=dash
# Comments of three kinds set nothing.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
options { allow-transfer { none; }; // allow-transfer { any; };
# allow-transfer { any; };
/* zone "old.example.com" { type master; allow-transfer { any; }; }; */
};
zone "example.com" { type master; file "z"; };
EOF
