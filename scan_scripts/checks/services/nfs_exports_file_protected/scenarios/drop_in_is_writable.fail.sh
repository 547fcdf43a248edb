# shellcheck shell=dash
# Drop-ins count.
typical_accounts
empty_file /etc/exports 0600
empty_file /etc/exports.d/a.exports 0664
