# shellcheck shell=dash
# A later selector takes back what an earlier one gave.
typical_accounts
enabled_unit rsyslog.service multi-user.target
file /etc/rsyslog.conf <<'EOF'
*.info;authpriv.none /var/log/messages
*.emerg :omusrmsg:*
EOF
