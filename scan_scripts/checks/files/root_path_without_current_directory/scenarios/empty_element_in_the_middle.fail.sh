# shellcheck shell=dash
# Two colons are the current directory.
typical_accounts
file /etc/profile.d/tool.sh <<'EOF'
PATH=/usr/bin::/opt/tool/bin
EOF
