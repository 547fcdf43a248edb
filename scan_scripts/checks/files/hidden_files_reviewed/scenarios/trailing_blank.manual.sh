# shellcheck shell=dash
# It looks like the parent directory.
typical_accounts
directory '/srv/.. '
