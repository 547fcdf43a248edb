# shellcheck shell=dash
# Both are set.
typical_accounts
enabled_unit apache2.service multi-user.target
file /etc/apache2/apache2.conf <<'EOF'
IncludeOptional conf-enabled/*.conf
EOF
file /etc/apache2/conf-enabled/security.conf <<'EOF'
ServerTokens Prod
ServerSignature Off
EOF
