# shellcheck shell=dash
# Debian's answers: this host only.
typical_accounts
enabled_unit exim4.service multi-user.target
file /etc/exim4/update-exim4.conf.conf <<'EOF'
dc_local_interfaces='127.0.0.1 ; ::1'
dc_relay_nets=''
EOF
