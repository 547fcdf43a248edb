# shellcheck shell=dash
# Group 0 is reached without any line in /etc/group.
typical_accounts
printf 'oracle:x:1001:0::/home/oracle:/bin/bash\n' | add_lines /etc/passwd
