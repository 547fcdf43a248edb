# shellcheck shell=dash
# Only files of the list.
typical_accounts
empty_file /usr/bin/su 4755
empty_file /usr/bin/passwd 4755
