# shellcheck shell=dash
# A hidden directory among temporary files.
typical_accounts
directory /var/tmp/.cache 0755 1000:1000
