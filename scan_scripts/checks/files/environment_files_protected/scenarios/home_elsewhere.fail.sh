# shellcheck shell=dash
# A home stands where passwd says.
typical_accounts
printf 'app:x:1500:1500::/srv/app:/bin/bash\n' | add_lines /etc/passwd
directory /srv/app 0755 1500:1500
empty_file /srv/app/.profile 0666 1500:1500
