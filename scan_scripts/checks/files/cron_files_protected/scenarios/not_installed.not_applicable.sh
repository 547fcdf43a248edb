# shellcheck shell=dash
# Neither cron nor at (Amazon Linux 2023 ships without).
typical_accounts
