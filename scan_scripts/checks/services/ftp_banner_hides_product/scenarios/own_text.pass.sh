# shellcheck shell=dash
# A text that gives nothing away.
typical_accounts
enabled_unit vsftpd.service multi-user.target
file /etc/vsftpd.conf <<'EOF'
ftpd_banner=Authorized users only
EOF
