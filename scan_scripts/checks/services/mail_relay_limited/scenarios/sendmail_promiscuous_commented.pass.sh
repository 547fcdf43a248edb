# shellcheck shell=dash
# dnl starts a comment.
typical_accounts
enabled_unit sendmail.service multi-user.target
file /etc/mail/sendmail.cf <<'EOF'
O DaemonPortOptions=Port=smtp, Name=MTA
EOF
file /etc/mail/sendmail.mc <<'EOF'
dnl FEATURE(`promiscuous_relay')dnl
EOF
