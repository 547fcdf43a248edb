# shellcheck shell=dash
# The group counts too.
typical_accounts
empty_file /srv/old 0644 1000:4321
