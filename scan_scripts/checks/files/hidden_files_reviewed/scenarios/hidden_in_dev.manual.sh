# shellcheck shell=dash
# A hidden file among devices.
typical_accounts
empty_file /dev/.udevdb
