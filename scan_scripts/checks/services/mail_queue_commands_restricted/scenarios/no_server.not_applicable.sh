# shellcheck shell=dash
# Nothing of it is there.
typical_accounts
empty_file /usr/sbin/postsuper 0755
