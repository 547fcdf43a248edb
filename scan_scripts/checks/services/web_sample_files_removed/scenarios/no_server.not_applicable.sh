# shellcheck shell=dash
# Nothing of it is there.
typical_accounts
directory /usr/share/httpd/manual
