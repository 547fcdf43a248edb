# shellcheck shell=dash
# What it accepts is for a person.
typical_accounts
enabled_unit exim.service multi-user.target
file /etc/exim/exim.conf <<'EOF'
acl_smtp_vrfy = acl_check_vrfy
EOF
