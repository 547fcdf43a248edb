# shellcheck shell=dash
# It tells the system.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
#ServerTokens Prod
ServerTokens OS
ServerSignature On
EOF
