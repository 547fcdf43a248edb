# shellcheck shell=dash
# As shipped.
typical_accounts
enabled_unit sendmail.service multi-user.target
file /etc/mail/sendmail.cf <<'EOF'
O DaemonPortOptions=Port=smtp,Addr=127.0.0.1, Name=MTA
EOF
