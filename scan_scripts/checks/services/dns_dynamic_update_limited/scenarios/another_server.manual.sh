# shellcheck shell=dash
# Its configuration is for a person.
typical_accounts
enabled_unit knot.service multi-user.target
