# shellcheck shell=dash
# Every host has this file.
directory /etc
