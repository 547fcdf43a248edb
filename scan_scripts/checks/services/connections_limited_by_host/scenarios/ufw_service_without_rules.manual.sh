# shellcheck shell=dash
# Ubuntu enables the service everywhere; ufw.conf decides.
typical_accounts
enabled_unit ufw.service multi-user.target
file /etc/ufw/ufw.conf <<'EOF'
ENABLED=no
EOF
