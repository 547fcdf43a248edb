# shellcheck shell=dash
# UIDs inside of containers are not ours.
typical_accounts
empty_file /var/lib/containers/storage/x 0644 100033:100033
