# shellcheck shell=dash
# Owner other than root.
typical_accounts
empty_file /etc/rsyslog.conf 0400 1000:1000
