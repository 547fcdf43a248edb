# shellcheck shell=dash
# A file in rsyslog.d counts only when it is included.
typical_accounts
enabled_unit rsyslog.service multi-user.target
file /etc/rsyslog.conf <<'EOF'
mail.* /var/log/maillog
EOF
file /etc/rsyslog.d/all.conf <<'EOF'
*.* /var/log/all
EOF
