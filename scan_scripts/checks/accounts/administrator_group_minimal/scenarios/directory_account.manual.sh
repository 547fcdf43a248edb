# shellcheck shell=dash
# A member that the local files do not know may come from a directory.
typical_accounts
printf 'sudo:x:27:kim\n' | add_lines /etc/group
