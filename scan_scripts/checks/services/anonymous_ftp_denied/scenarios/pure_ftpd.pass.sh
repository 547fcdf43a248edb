# shellcheck shell=dash
# Debian's file for one setting.
typical_accounts
enabled_unit pure-ftpd.service multi-user.target
printf 'yes\n' | file /etc/pure-ftpd/conf/NoAnonymous
