# shellcheck shell=dash
# Nothing of it is there.
typical_accounts
empty_file /etc/ftpusers 0666
