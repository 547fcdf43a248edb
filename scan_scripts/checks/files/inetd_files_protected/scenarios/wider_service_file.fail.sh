# shellcheck shell=dash
# The files of the services count too.
typical_accounts
empty_file /etc/xinetd.conf 0600
empty_file '/etc/xinetd.d/my service' 0644
