# shellcheck shell=dash
# The Red Hat family's default.
typical_accounts
enabled_unit chronyd.service multi-user.target
file /etc/chrony.conf <<'EOF'
# pool 9.example.com
pool 2.rhel.pool.ntp.org iburst
driftfile /var/lib/chrony/drift
EOF
