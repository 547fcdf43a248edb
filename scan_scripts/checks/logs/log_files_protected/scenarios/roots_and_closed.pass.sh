# shellcheck shell=dash
# As asked.
typical_accounts
empty_file /var/log/messages 0600
empty_file /var/log/dnf.log 0644
