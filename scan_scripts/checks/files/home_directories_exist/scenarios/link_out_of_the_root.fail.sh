# shellcheck shell=dash
# /tmp exists on every scanning machine, but not in this root.
typical_accounts
rmdir "$ROOT/home/alice"
link /home/alice /tmp
