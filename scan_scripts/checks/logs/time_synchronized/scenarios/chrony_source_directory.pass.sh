# shellcheck shell=dash
# Servers stand in a file of their own (Amazon Linux, Debian).
typical_accounts
enabled_unit chrony.service multi-user.target
file /etc/chrony/chrony.conf <<'EOF'
confdir /etc/chrony/conf.d
sourcedir /etc/chrony/sources.d
EOF
file /etc/chrony/sources.d/link-local.sources <<'EOF'
server 169.254.169.123 prefer iburst minpoll 4 maxpoll 4
EOF
