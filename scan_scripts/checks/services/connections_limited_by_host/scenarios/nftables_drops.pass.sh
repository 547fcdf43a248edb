# shellcheck shell=dash
# A policy in an included file.
typical_accounts
enabled_unit nftables.service multi-user.target
file /etc/sysconfig/nftables.conf <<'EOF'
include "/etc/nftables/main.nft"
EOF
file /etc/nftables/main.nft <<'EOF'
table inet filter {
  chain input {
    type filter hook input priority filter; policy drop;
    tcp dport 22 ip saddr 10.0.0.0/8 accept
  }
}
EOF
