# shellcheck shell=dash
# Outside of the system a person must know the reason.
typical_accounts
empty_file /var/lib/app/socket.lock 0666
