# shellcheck shell=dash
# Even an accepted file must not be writable.
typical_accounts
empty_file /usr/bin/su 4757
