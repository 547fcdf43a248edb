# shellcheck shell=dash
# A person looks.
typical_accounts
enabled_unit pure-ftpd.service multi-user.target
