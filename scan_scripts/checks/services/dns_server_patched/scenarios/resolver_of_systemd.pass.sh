# shellcheck shell=dash
# The host's own resolver serves nobody else.
typical_accounts
enabled_unit systemd-resolved.service sysinit.target
