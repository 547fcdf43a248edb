# shellcheck shell=dash
# A server without such a list.
typical_accounts
enabled_unit vsftpd.service multi-user.target
