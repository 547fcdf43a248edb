# shellcheck shell=dash
# Nobody logs in through PAM here.
typical_accounts
