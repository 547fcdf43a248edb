# shellcheck shell=dash
# Script conditions are for a person.
typical_accounts
enabled_unit rsyslog.service multi-user.target
file /etc/rsyslog.conf <<'EOF'
if $syslogfacility-text == "authpriv" then /var/log/secure
*.info;authpriv.none /var/log/messages
EOF
