# shellcheck shell=dash
# 646 is open to everybody as well as 777.
typical_accounts
empty_file /usr/local/bin/tool 0757
