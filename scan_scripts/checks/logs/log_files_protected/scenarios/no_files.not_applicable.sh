# shellcheck shell=dash
# A journal only.
typical_accounts
directory /var/log/journal 2755
