# shellcheck shell=dash
# As a number it is less than the limit, as bits it is not.
typical_accounts
empty_file /etc/services 0022
