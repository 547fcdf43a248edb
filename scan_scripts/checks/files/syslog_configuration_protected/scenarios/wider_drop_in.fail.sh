# shellcheck shell=dash
# Drop-ins are configuration too.
typical_accounts
empty_file /etc/rsyslog.conf 0640
empty_file /etc/rsyslog.d/50-default.conf 0644
