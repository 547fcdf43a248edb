# shellcheck shell=dash
# Debian keeps zones in a file of their own.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/bind/named.conf <<'EOF'
include "/etc/bind/named.conf.options";
include "/etc/bind/named.conf.local";
EOF
file /etc/bind/named.conf.options <<'EOF'
options { directory "/var/cache/bind"; allow-transfer { 10.0.0.2; }; };
EOF
file /etc/bind/named.conf.local <<'EOF'
zone "example.com" { type master; file "z"; allow-transfer { 0.0.0.0/0; }; };
EOF
