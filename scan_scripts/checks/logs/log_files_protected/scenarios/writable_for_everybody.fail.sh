# shellcheck shell=dash
# Traces can be removed.
typical_accounts
empty_file /var/log/secure 0666
