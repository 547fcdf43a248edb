# shellcheck shell=dash
# bin and sys are allowed owners.
typical_accounts
empty_file /etc/rsyslog.conf 0640 3:3
