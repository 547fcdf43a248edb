# shellcheck shell=dash
# A name that only begins with it.
typical_accounts
printf 'wheelchair:x:1500:alice\n' | add_lines /etc/group
