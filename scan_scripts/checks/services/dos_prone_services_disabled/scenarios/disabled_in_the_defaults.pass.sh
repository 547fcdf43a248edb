# shellcheck shell=dash
# xinetd.conf can switch services off by name.
typical_accounts
enabled_unit xinetd.service multi-user.target
file /etc/xinetd.conf <<'EOF'
defaults
{
    disabled = chargen echo-stream
}
includedir /etc/xinetd.d
EOF
file /etc/xinetd.d/chargen-stream <<'EOF'
service chargen
{
    type = INTERNAL
}
EOF
