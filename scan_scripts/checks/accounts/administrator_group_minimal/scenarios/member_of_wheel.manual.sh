# shellcheck shell=dash
# The first user of an image is there by default; a person says whether it stays.
typical_accounts
printf 'wheel:x:10:alice\n' | add_lines /etc/group
