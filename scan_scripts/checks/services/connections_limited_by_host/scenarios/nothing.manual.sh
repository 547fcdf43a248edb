# shellcheck shell=dash
# On EC2 a security group may do it, and the host cannot see that.
typical_accounts
