# shellcheck shell=dash
# An entry that does not say disable is on.
typical_accounts
enabled_unit xinetd.service multi-user.target
file /etc/xinetd.d/tftp <<'EOF'
service tftp
{
	server = /usr/sbin/in.tftpd
}
EOF
