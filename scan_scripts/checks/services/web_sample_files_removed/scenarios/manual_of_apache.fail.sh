# shellcheck shell=dash
# The manual came with a package.
typical_accounts
enabled_unit httpd.service multi-user.target
directory /usr/share/httpd/manual
