# shellcheck shell=dash
# The first digit counts too.
typical_accounts
empty_file /etc/xinetd.conf 4400
