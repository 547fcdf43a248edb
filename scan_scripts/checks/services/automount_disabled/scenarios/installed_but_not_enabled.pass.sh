# shellcheck shell=dash
# Installed, and nothing starts it.
typical_accounts
unit autofs.service
file /etc/auto.master <<'EOF'
/misc /etc/auto.misc
EOF
