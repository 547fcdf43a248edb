# shellcheck shell=dash
# Whoever owns it decides what alice runs.
typical_accounts
empty_file /home/alice/.bash_profile 0644 1001:1001
