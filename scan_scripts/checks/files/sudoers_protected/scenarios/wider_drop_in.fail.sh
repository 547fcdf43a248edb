# shellcheck shell=dash
# Drop-ins count too.
typical_accounts
empty_file /etc/sudoers 0440
empty_file /etc/sudoers.d/90-cloud-init-users 0644
