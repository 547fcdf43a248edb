# shellcheck shell=dash
# 0446 is smaller than 0644.
typical_accounts
empty_file /var/log/app.log 0446
