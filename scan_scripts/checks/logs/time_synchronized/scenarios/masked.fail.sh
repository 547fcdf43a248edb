# shellcheck shell=dash
# A masked unit cannot start.
typical_accounts
enabled_unit chronyd.service multi-user.target
link /etc/systemd/system/chronyd.service /dev/null
file /etc/chrony.conf <<'EOF'
server 192.0.2.1
EOF
