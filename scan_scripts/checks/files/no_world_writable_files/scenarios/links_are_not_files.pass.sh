# shellcheck shell=dash
# Every link has mode 777.
typical_accounts
link /usr/bin/vi vim
