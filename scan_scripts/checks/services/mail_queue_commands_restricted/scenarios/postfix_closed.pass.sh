# shellcheck shell=dash
# The execute bit of others is gone.
typical_accounts
enabled_unit postfix.service multi-user.target
empty_file /usr/sbin/postsuper 0750
