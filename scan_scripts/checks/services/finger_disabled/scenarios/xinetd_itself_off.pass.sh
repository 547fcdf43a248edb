# shellcheck shell=dash
# An entry without its super server answers nobody.
typical_accounts
unit xinetd.service
file /etc/xinetd.d/finger <<'EOF'
service finger
{
    disable = no
}
EOF
