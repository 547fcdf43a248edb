# shellcheck shell=dash
# Nothing starts it.
typical_accounts
unit chronyd.service
file /etc/chrony.conf <<'EOF'
pool 2.rhel.pool.ntp.org iburst
EOF
