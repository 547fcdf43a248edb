# shellcheck shell=dash
# Everybody's start file.
typical_accounts
empty_file /etc/profile 0666
