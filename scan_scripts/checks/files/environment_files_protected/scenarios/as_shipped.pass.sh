# shellcheck shell=dash
# Root's and alice's own files.
typical_accounts
empty_file /root/.bashrc 0644
empty_file /home/alice/.bashrc 0644 1000:1000
empty_file /etc/profile 0644
