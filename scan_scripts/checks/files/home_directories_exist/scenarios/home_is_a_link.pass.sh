# shellcheck shell=dash
# A link to a directory of the same root will do.
typical_accounts
rmdir "$ROOT/home/alice"
directory /data/alice 0750 1000:1000
link /home/alice /data/alice
