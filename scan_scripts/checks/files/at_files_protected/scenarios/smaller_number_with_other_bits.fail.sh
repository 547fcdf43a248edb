# shellcheck shell=dash
# 0446 is smaller than 0640.
typical_accounts
empty_file /etc/at.allow 0446
