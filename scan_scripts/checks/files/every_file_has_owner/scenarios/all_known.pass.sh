# shellcheck shell=dash
# Owner and group of everything exist.
typical_accounts
empty_file /home/alice/notes 0644 1000:1000
