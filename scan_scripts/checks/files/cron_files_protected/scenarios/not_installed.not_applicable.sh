# shellcheck shell=dash
# No cron (Amazon Linux 2023 ships without).
typical_accounts
