# shellcheck shell=dash
# Its owner does not exist.
typical_accounts
empty_file /var/spool/cron/atjobs/a0000101f2a3b4 0700 4242:4242
