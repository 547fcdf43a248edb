# shellcheck shell=dash
# hosts.deny means nothing to a server that does not ask.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
local_enable=YES
EOF
file /etc/hosts.deny <<'EOF'
ALL: ALL
EOF
