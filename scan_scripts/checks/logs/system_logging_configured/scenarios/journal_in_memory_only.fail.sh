# shellcheck shell=dash
# The log is lost at every start.
typical_accounts
file /etc/systemd/journald.conf <<'EOF'
[Journal]
#Storage=persistent
Storage=volatile
EOF
