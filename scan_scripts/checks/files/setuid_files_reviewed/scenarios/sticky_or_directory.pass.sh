# shellcheck shell=dash
# shellcheck disable=SC2016  # hashes are no variables
# A sticky bit is no privilege, and set-GID directories only pass on their group.
typical_accounts
directory /tmp 1777
directory /var/mail 2775 0:8
sed -i '$a mail:x:8:' "$ROOT/etc/group"
