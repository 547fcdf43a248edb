# shellcheck shell=dash
# A link always reads 777.
typical_accounts
empty_file /usr/lib/systemd/system/cron.service 0644
link /etc/systemd/system/multi-user.target.wants/cron.service /usr/lib/systemd/system/cron.service
