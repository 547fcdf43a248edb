# shellcheck shell=dash
# xinetd runs for something else.
typical_accounts
enabled_unit xinetd.service multi-user.target
file /etc/xinetd.d/login <<'EOF'
service login
{
    disable = yes
}
EOF
file /etc/xinetd.d/rsync <<'EOF'
service rsync
{
    disable = no
}
EOF
