# shellcheck shell=dash
# Until 9.18 everybody may, when nothing is said.
typical_accounts
enabled_unit named.service multi-user.target
file /var/lib/dpkg/status <<'EOF'
Package: bind9
Status: install ok installed
Version: 1:9.18.28-1~deb12u2
EOF
file /etc/bind/named.conf <<'EOF'
zone "example.com" { type master; file "z"; };
EOF
