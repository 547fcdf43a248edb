# shellcheck shell=dash
# A name made to be overlooked, anywhere.
typical_accounts
directory /srv/data/...
