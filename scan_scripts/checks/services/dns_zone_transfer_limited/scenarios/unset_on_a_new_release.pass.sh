# shellcheck shell=dash
# Since 9.20 nobody may, when nothing is said.
typical_accounts
enabled_unit named.service multi-user.target
file /var/lib/dpkg/status <<'EOF'
Package: bind9
Status: install ok installed
Version: 1:9.20.11-4
EOF
file /etc/bind/named.conf <<'EOF'
zone "example.com" { type master; file "z"; };
EOF
