# shellcheck shell=dash
# The number counts.
typical_accounts
sed -i 's/^root:x:0:$/system:x:0:alice/' "$ROOT/etc/group"
