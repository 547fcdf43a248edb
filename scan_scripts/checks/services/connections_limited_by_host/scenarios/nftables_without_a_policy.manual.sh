# shellcheck shell=dash
# Any ruleset is not a limit.
typical_accounts
enabled_unit nftables.service multi-user.target
file /etc/nftables.conf <<'EOF'
table inet filter {
  chain input {
    type filter hook input priority 0;
  }
  chain forward {
    type filter hook forward priority 0; policy drop;
  }
}
EOF
