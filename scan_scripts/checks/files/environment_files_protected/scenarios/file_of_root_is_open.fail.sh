# shellcheck shell=dash
# Homes below /home are not all.
typical_accounts
empty_file /root/.bash_profile 0646
