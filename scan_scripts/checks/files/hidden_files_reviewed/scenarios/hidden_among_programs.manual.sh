# shellcheck shell=dash
# A hidden program.
typical_accounts
empty_file /usr/bin/.ls 0755
