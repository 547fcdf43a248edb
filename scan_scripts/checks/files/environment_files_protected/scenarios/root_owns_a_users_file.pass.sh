# shellcheck shell=dash
# Root may own it.
typical_accounts
empty_file /home/alice/.profile 0644
