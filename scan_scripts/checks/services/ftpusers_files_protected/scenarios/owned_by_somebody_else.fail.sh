# shellcheck shell=dash
# Its owner may let root in.
typical_accounts
enabled_unit vsftpd.service multi-user.target
empty_file /etc/vsftpd/ftpusers 0600 1000:1000
