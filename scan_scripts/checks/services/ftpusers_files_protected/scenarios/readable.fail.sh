# shellcheck shell=dash
# Debian ships it readable.
typical_accounts
enabled_unit vsftpd.service multi-user.target
empty_file /etc/ftpusers 0644
