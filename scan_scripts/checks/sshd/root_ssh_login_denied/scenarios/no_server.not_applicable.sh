# shellcheck shell=dash
# Without an SSH server there is nothing to judge.
directory /etc
