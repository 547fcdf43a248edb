# shellcheck shell=dash
# Everybody may relay.
typical_accounts
enabled_unit sendmail.service multi-user.target
file /etc/mail/sendmail.cf <<'EOF'
O DaemonPortOptions=Port=smtp, Name=MTA
EOF
file /etc/mail/sendmail.mc <<'EOF'
FEATURE(`promiscuous_relay')dnl
EOF
