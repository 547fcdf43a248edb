# shellcheck shell=dash
# A job belongs to a UID without account.
typical_accounts
empty_file /var/spool/cron/alice 0600 4242:4242
