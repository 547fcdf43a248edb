# shellcheck shell=dash
# Others may run exiqgrep.
typical_accounts
enabled_unit exim4.service multi-user.target
empty_file /usr/sbin/exiqgrep 0755
