# shellcheck shell=dash
# The file counts, not the link.
typical_accounts
empty_file /home/alice/dotfiles/bashrc 0666 1000:1000
link /home/alice/.bashrc dotfiles/bashrc
