# shellcheck shell=dash
# Nobody knows what runs here.
typical_accounts
