# shellcheck shell=dash
# An entry without its super server answers nobody.
typical_accounts
unit xinetd.service
file /etc/xinetd.d/login <<'EOF'
service login
{
    disable = no
}
EOF
