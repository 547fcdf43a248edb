# shellcheck shell=dash
# systemd makes such accounts as needed.
typical_accounts
directory /var/lib/private/app 0755 61234:61234
