# shellcheck shell=dash
# at has lists too.
typical_accounts
empty_file /etc/at.deny 0666
