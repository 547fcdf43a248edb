# shellcheck shell=dash
# A server without a file runs on its built-in values.
empty_file /usr/sbin/sshd 0755
