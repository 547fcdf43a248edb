# shellcheck shell=dash
# A group may write it.
typical_accounts
empty_file /home/alice/.bashrc 0664 1000:1000
