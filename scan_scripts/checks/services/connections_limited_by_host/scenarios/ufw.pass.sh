# shellcheck shell=dash
# Switched on, others are dropped.
typical_accounts
enabled_unit ufw.service multi-user.target
file /etc/ufw/ufw.conf <<'EOF'
ENABLED=yes
EOF
file /etc/default/ufw <<'EOF'
DEFAULT_INPUT_POLICY="DROP"
EOF
