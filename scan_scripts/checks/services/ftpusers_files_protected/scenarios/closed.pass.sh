# shellcheck shell=dash
# As asked.
typical_accounts
enabled_unit vsftpd.service multi-user.target
empty_file /etc/ftpusers 0640
empty_file /etc/vsftpd/user_list 0600
