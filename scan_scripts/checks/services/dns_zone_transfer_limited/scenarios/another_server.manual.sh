# shellcheck shell=dash
# Its configuration is for a person.
typical_accounts
enabled_unit nsd.service multi-user.target
