# shellcheck shell=dash
# A name with a blank is one name.
typical_accounts
empty_file '/var/log/old messages' 0666
