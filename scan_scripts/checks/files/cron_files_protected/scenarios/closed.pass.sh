# shellcheck shell=dash
# Commands 0750, files 0640, scripts 0750.
typical_accounts
empty_file /usr/bin/crontab 0750
empty_file /etc/crontab 0640
empty_file /etc/cron.d/job 0600
empty_file /etc/cron.daily/logrotate 0750
empty_file /etc/cron.allow 0640
empty_file /var/spool/cron/crontabs/alice 0600 1000:42
