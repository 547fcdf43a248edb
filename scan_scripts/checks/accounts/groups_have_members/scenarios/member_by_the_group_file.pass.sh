# shellcheck shell=dash
# A member counts as well as a primary group.
typical_accounts
printf 'traders:x:1500:alice\n' | add_lines /etc/group
