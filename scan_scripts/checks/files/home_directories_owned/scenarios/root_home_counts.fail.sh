# shellcheck shell=dash
# /root is a home too.
typical_accounts
remember /root 0702
