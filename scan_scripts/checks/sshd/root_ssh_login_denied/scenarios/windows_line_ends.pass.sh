# shellcheck shell=dash
# Carriage returns do not belong to the value.
printf 'PermitRootLogin no\r\n' | file /etc/ssh/sshd_config 0600
