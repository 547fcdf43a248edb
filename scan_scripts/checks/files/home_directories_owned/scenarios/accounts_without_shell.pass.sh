# shellcheck shell=dash
# System accounts live in directories of the system.
typical_accounts
directory /bin 0755
directory /usr/sbin 0755
