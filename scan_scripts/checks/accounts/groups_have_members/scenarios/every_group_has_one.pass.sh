# shellcheck shell=dash
# alice's group is her primary group.
typical_accounts
