# shellcheck shell=dash
# Nothing can be said without /etc/shadow.
directory /etc
