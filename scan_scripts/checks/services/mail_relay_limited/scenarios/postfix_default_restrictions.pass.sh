# shellcheck shell=dash
# Unset restrictions refuse strangers.
typical_accounts
enabled_unit postfix.service multi-user.target
file /etc/postfix/main.cf <<'EOF'
inet_interfaces = all
mynetworks = 127.0.0.0/8 [::ffff:127.0.0.0]/104 [::1]/128
EOF
