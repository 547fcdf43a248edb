# shellcheck shell=dash
# Owner and mode are just as asked.
typical_accounts
remember /etc/passwd 0644
