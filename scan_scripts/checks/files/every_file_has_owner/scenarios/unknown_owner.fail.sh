# shellcheck shell=dash
# The account is gone, its file is not.
typical_accounts
empty_file '/srv/old data' 0644 1234:1000
