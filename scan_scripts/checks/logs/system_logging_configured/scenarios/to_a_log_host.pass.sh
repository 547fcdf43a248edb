# shellcheck shell=dash
# A log host is a place to write to.
typical_accounts
enabled_unit rsyslog.service multi-user.target
file /etc/rsyslog.conf <<'EOF'
*.* @@loghost.example.com:6514 # the collector
EOF
