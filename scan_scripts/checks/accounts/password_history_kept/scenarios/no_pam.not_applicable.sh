# shellcheck shell=dash
# PAM changes no passwords here.
typical_accounts
