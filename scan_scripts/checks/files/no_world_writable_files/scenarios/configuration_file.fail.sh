# shellcheck shell=dash
# Everybody can change a file of the system.
typical_accounts
empty_file /etc/motd 0666
