# shellcheck shell=dash
# A job may belong to root.
typical_accounts
empty_file /var/spool/cron/alice 0600
