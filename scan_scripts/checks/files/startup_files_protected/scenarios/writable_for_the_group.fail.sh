# shellcheck shell=dash
# A group that may write is other users too.
typical_accounts
empty_file /etc/rc.local 0775
