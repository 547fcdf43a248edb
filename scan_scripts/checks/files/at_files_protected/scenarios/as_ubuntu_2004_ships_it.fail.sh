# shellcheck shell=dash
# Debian's package at runs as daemon, with both bits.
typical_accounts
empty_file /usr/bin/at 6755 1:1
empty_file /etc/at.deny 0640 0:1
