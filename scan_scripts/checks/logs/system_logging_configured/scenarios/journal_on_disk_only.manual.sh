# shellcheck shell=dash
# Amazon Linux 2023 has no syslog daemon; the missing rsyslog.conf is no fault.
typical_accounts
directory /var/log/journal 2755
