# shellcheck shell=dash
# Installed, and nothing starts it.
typical_accounts
unit firewalld.service
