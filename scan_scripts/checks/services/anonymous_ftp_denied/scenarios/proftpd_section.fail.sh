# shellcheck shell=dash
# An active section, in an included file.
typical_accounts
enabled_unit proftpd.service multi-user.target
file /etc/proftpd/proftpd.conf <<'EOF'
ServerName "Debian"
Include /etc/proftpd/conf.d/*.conf
EOF
file /etc/proftpd/conf.d/anon.conf <<'EOF'
<Anonymous ~ftp>
  User ftp
  UserAlias anonymous ftp
</Anonymous>
EOF
