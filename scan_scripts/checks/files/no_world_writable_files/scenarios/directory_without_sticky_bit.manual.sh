# shellcheck shell=dash
# Everybody may remove others' files there.
typical_accounts
directory /srv/drop 0777
