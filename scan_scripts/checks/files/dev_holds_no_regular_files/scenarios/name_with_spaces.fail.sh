# shellcheck shell=dash
# A name with spaces is a name.
typical_accounts
empty_file '/dev/a b c' 0644
