# shellcheck shell=dash
# The package is gone, its link stayed.
typical_accounts
link /etc/systemd/system/sockets.target.wants/tftp.socket /usr/lib/systemd/system/tftp.socket
