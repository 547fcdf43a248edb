# shellcheck shell=dash
# A resolver has nothing to transfer.
typical_accounts
enabled_unit named.service multi-user.target
file /etc/named.conf <<'EOF'
options { recursion yes; };
zone "." { type hint; file "named.ca"; };
EOF
