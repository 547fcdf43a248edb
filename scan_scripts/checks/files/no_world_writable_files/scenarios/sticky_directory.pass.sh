# shellcheck shell=dash
# /tmp is meant to be shared.
typical_accounts
directory /tmp 1777
directory /var/tmp 1777
