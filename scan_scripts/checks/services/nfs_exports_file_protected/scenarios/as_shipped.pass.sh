# shellcheck shell=dash
# nfs-utils ships an empty file.
typical_accounts
empty_file /etc/exports 0644
