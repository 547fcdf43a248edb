# shellcheck shell=dash
# 0664 is the distribution's default, and more than the guide allows.
typical_accounts
empty_file /var/log/wtmp 0664 0:22
