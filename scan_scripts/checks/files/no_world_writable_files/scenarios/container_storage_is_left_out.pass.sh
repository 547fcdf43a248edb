# shellcheck shell=dash
# What containers store is theirs.
typical_accounts
empty_file /var/lib/docker/overlay2/x/diff/etc/motd 0666
