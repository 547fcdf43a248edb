# shellcheck shell=dash
# Nothing can be said without /etc/passwd.
directory /etc
