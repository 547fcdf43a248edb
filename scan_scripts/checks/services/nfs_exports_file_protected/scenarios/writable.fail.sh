# shellcheck shell=dash
# Others may export what they like.
typical_accounts
empty_file /etc/exports 0666
