# shellcheck shell=dash
# Shared memory and message queues are files by design.
typical_accounts
empty_file /dev/shm/PostgreSQL.1 0600
empty_file /dev/mqueue/q 0600
