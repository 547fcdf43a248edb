# shellcheck shell=dash
# Set-GID files count too.
typical_accounts
empty_file /var/lib/dpkg/info/base.list
empty_file /usr/local/bin/tool 2755
