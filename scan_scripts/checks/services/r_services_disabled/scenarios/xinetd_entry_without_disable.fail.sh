# shellcheck shell=dash
# An entry that does not say disable is on.
typical_accounts
enabled_unit xinetd.service multi-user.target
file /etc/xinetd.d/login <<'EOF'
service login
{
	server = /usr/sbin/in.rlogind
}
EOF
