# shellcheck shell=dash
# Owner and mode are just as asked.
typical_accounts
empty_file /etc/sudoers 0440
