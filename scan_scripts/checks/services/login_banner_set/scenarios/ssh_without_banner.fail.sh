# shellcheck shell=dash
# Only the console warns.
typical_accounts
file /etc/issue <<'EOF'
Authorized users only. All activity is monitored.
EOF
file /etc/ssh/sshd_config 0600 <<'EOF'
Banner none
EOF
