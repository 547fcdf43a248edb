# shellcheck shell=dash
# An account's group number names nothing.
typical_accounts
printf 'kim:x:1001:2001::/home/kim:/bin/bash\n' | add_lines /etc/passwd
