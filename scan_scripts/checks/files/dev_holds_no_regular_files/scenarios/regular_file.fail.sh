# shellcheck shell=dash
# A file among the devices.
typical_accounts
empty_file /dev/.hidden/ptyp 0644
