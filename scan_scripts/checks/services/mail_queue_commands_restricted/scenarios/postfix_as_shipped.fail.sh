# shellcheck shell=dash
# Others may run postsuper.
typical_accounts
enabled_unit postfix.service multi-user.target
empty_file /usr/sbin/postsuper 0755
