# shellcheck shell=dash
# Debian ships the section as a comment.
typical_accounts
enabled_unit proftpd.service multi-user.target
file /etc/proftpd/proftpd.conf <<'EOF'
ServerName "Debian"
# <Anonymous ~ftp>
#   User ftp
# </Anonymous>
EOF
