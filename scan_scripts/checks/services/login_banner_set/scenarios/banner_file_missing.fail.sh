# shellcheck shell=dash
# The file that Banner names is not there.
typical_accounts
file /etc/issue <<'EOF'
Authorized users only. All activity is monitored.
EOF
file /etc/ssh/sshd_config 0600 <<'EOF'
Banner /etc/issue.net
EOF
