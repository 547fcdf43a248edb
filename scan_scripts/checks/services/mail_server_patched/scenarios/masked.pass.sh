# shellcheck shell=dash
# Masked units cannot start.
typical_accounts
enabled_unit postfix.service multi-user.target
link /etc/systemd/system/postfix.service /dev/null
