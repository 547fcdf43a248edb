# shellcheck shell=dash
# The answer to a question for the version is a warning.
typical_accounts
printf '%s\n' 'Authorized users only. All activity is monitored.' | file /etc/issue
enabled_unit named.service multi-user.target
printf 'options { version "Warning: authorized use only"; };\n' | file /etc/named.conf
