# shellcheck shell=dash
# ntalk counts too.
typical_accounts
enabled_unit xinetd.service multi-user.target
file /etc/xinetd.d/ntalk <<'EOF'
service ntalk
{
    disable = no
}
EOF
