# shellcheck shell=dash
# alice has no home.
typical_accounts
rmdir "$ROOT/home/alice"
