# shellcheck shell=dash
# Nothing accepts them.
typical_accounts
enabled_unit exim.service multi-user.target
file /etc/exim/exim.conf <<'EOF'
acl_smtp_rcpt = acl_check_rcpt
EOF
