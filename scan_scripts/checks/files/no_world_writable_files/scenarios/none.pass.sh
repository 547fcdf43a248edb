# shellcheck shell=dash
# Nothing is open to everybody.
typical_accounts
empty_file /etc/motd 0644
