# shellcheck shell=dash
# The host of the container keeps the clock.
typical_accounts
empty_file /.dockerenv
