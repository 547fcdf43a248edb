# shellcheck shell=dash
# Debian's unit has another name.
typical_accounts
enabled_unit tftpd-hpa.service multi-user.target
