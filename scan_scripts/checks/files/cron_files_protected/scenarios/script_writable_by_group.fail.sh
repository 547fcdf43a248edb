# shellcheck shell=dash
# A group may write what root runs.
typical_accounts
empty_file /etc/cron.daily/backup 0770
