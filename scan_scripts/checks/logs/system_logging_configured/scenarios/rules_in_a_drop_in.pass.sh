# shellcheck shell=dash
# Ubuntu keeps its rules in a drop-in.
typical_accounts
enabled_unit rsyslog.service multi-user.target
file /etc/rsyslog.conf <<'EOF'
$IncludeConfig /etc/rsyslog.d/*.conf
EOF
file /etc/rsyslog.d/50-default.conf <<'EOF'
auth,authpriv.*			/var/log/auth.log
*.*;auth,authpriv.none		-/var/log/syslog
mail.*				-/var/log/mail.log
*.emerg				:omusrmsg:*
EOF
