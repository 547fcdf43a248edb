# shellcheck shell=dash
# 0446 is smaller than 0640.
typical_accounts
enabled_unit proftpd.service multi-user.target
empty_file /etc/ftpusers 0446
