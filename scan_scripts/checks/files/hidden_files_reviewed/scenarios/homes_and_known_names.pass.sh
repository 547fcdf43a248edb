# shellcheck shell=dash
# Dot files of homes, and sockets of the window system.
typical_accounts
empty_file /home/alice/.bashrc 0644 1000:1000
directory /tmp/.X11-unix 1777
empty_file /etc/.pwd.lock 0600
empty_file /etc/skel/.bashrc
