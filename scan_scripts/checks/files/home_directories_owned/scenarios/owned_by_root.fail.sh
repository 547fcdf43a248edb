# shellcheck shell=dash
# Somebody else owns it.
typical_accounts
remember /home/alice 0750 root
