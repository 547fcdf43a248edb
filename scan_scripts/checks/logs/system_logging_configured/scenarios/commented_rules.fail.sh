# shellcheck shell=dash
# Comments write nothing.
typical_accounts
enabled_unit rsyslog.service multi-user.target
file /etc/rsyslog.conf <<'EOF'
# *.info /var/log/messages
   #authpriv.* /var/log/secure
cron.* /var/log/cron
EOF
