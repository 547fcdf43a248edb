# shellcheck shell=dash
# Every home is there; accounts without shell need none.
typical_accounts
