# shellcheck shell=dash
# Without /etc/shadow nothing is shadowed.
typical_accounts
rm "$ROOT/etc/shadow"
