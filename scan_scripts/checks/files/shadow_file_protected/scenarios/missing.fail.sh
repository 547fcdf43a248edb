# shellcheck shell=dash
# Without the file nothing is shadowed.
typical_accounts
rm "$ROOT/etc/shadow"
