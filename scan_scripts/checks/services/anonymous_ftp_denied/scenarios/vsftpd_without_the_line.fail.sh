# shellcheck shell=dash
# The built-in value is YES.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
#anonymous_enable=NO
local_enable=YES
EOF
