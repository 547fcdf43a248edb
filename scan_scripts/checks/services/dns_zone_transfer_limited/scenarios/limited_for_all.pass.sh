# shellcheck shell=dash
# Options name a secondary.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
options {
  allow-transfer { 10.0.0.2; key transfer-key; };
};
zone "example.com" IN { type master; file "example.com.zone"; };
EOF
