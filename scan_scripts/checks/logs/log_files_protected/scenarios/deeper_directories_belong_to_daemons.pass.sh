# shellcheck shell=dash
# A daemon owns what is below its own directory.
typical_accounts
empty_file /var/log/messages 0640
empty_file /var/log/chrony/measurements.log 0644 992:992
