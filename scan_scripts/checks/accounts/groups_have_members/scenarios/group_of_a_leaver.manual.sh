# shellcheck shell=dash
# The account is gone, its group stayed.
typical_accounts
printf 'contractors:x:1500:\n' | add_lines /etc/group
