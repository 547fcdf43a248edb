# shellcheck shell=dash
# Mode 0, the default of Red Hat hosts for /etc/shadow, is the strictest of all.
typical_accounts
remember /etc/shadow 0
