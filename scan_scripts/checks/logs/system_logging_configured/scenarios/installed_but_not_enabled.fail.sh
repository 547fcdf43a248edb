# shellcheck shell=dash
# Nothing starts rsyslog, and nothing else is there.
typical_accounts
unit rsyslog.service
file /etc/rsyslog.conf <<'EOF'
*.* /var/log/all
EOF
