# shellcheck shell=dash
# An image without an init system.
typical_accounts
