# shellcheck shell=dash
# The older daemon.
typical_accounts
enabled_unit ntpd.service multi-user.target
file /etc/ntp.conf <<'EOF'
restrict default nomodify
server -4 ntp1.example.com iburst
EOF
